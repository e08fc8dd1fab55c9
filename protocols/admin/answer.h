// Answers of the API as values: JSON, or a problem (RFC 9457). The one place that says what an Error of the
// store means to a client; its detail stays for the log.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "protocols/http/message.h"

namespace postern::admin {

using Json = nlohmann::ordered_json;

struct Answer {
  Answer() = default;
  explicit Answer(int s) : status(s) {}
  Answer(int s, Json b) : status(s), body(std::move(b)) {}
  int status = 204;
  Json body;         // null: no body
  std::string etag;  // without quotes; empty: none
  bool is_problem = false;
  bool sent = false;                // the handler has answered by itself
  std::vector<http::Field> fields;  // others
};

struct MemberError {
  MemberError(std::string m, std::string d) : member(std::move(m)), detail(std::move(d)) {}
  std::string member;  // of the request's body, or a query parameter
  std::string detail;
};

// type: the name behind "urn:postern:problem:".
Answer problem(int status, std::string_view type, std::string_view title, std::string_view detail = {});
// 422, and 400 for query parameters: what is wrong with which member.
Answer invalid(std::vector<MemberError> errors);
Answer invalid(std::string member, std::string detail);
Answer malformed(std::string_view detail, std::vector<MemberError> errors = {});
Answer not_found();
Answer denied(std::string_view detail);
Answer conflict(std::string_view type, std::string_view detail);

Answer answer_to(const Error& error);

http::Response response_of(const Answer& answer);

}  // namespace postern::admin
