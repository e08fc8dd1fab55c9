#include "protocols/admin/answer.h"

#include "storage/model/act.h"

namespace postern::admin {

namespace {

void add_errors(Json& body, const std::vector<MemberError>& errors) {
  for (const MemberError& error : errors) {
    Json entry;
    entry["member"] = error.member;
    entry["detail"] = error.detail;
    body["errors"].push_back(std::move(entry));
  }
}

}  // namespace

Answer problem(int status, std::string_view type, std::string_view title, std::string_view detail) {
  Answer answer(status, Json::object());
  answer.body["type"] = "urn:postern:problem:" + std::string(type);
  answer.body["title"] = title;
  answer.body["status"] = status;
  if (!detail.empty()) answer.body["detail"] = detail;
  answer.is_problem = true;
  return answer;
}

Answer invalid(std::vector<MemberError> errors) {
  Answer answer = problem(422, "invalid", "Some of what was sent cannot be");
  add_errors(answer.body, errors);
  return answer;
}

Answer invalid(std::string member, std::string detail) {
  std::vector<MemberError> errors;
  errors.emplace_back(std::move(member), std::move(detail));
  return invalid(std::move(errors));
}

Answer malformed(std::string_view detail, std::vector<MemberError> errors) {
  Answer answer = problem(400, "malformed", "The request cannot be read", detail);
  add_errors(answer.body, errors);
  return answer;
}

Answer not_found() {
  return problem(404, "not-found", "There is no such thing");
}

Answer denied(std::string_view detail) {
  return problem(403, "denied", "You may not do this", detail);
}

Answer conflict(std::string_view type, std::string_view detail) {
  return problem(409, type, "What is there stands against it", detail);
}

Answer answer_to(const Error& error) {
  switch (error.kind) {
    case ErrorKind::not_found: return not_found();
    case ErrorKind::already_exists: return conflict("exists", "The name is taken");
    case ErrorKind::denied: return conflict("in-use", "It is still in use");
    case ErrorKind::stale: return conflict("too-late", "It is finished, or just being done");
    case ErrorKind::too_large: return conflict("too-many", "There are as many as there may be");
    case ErrorKind::over_quota: return conflict("over-quota", "There is no room");
    case ErrorKind::invalid:
      if (error.detail == kVersionConstraint) {
        return problem(412, "changed", "It was changed meanwhile", "Read it again and decide anew");
      }
      if (error.detail == kLicenceConstraint) {
        return conflict("licences", "The tenant has as many Mobile Sync users as it may have");
      }
      return problem(422, "invalid", "Some of what was sent cannot be");
    case ErrorKind::timed_out:
    case ErrorKind::closed:
    case ErrorKind::unavailable: return problem(503, "unavailable", "Not now; try again");
    case ErrorKind::internal: break;
  }
  return problem(500, "internal", "Something is broken here");
}

http::Response response_of(const Answer& answer) {
  const char* type = answer.is_problem ? "application/problem+json" : "application/json";
  http::Response response(answer.status);
  if (!answer.body.is_null()) {
    // Browsers must not find anything in it that they would run.
    response = http::Response(answer.status, type,
                              answer.body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  }
  response.fields.set("Cache-Control", "no-store");
  response.fields.set("X-Content-Type-Options", "nosniff");
  if (!answer.etag.empty()) response.fields.set("ETag", '"' + answer.etag + '"');
  for (const http::Field& field : answer.fields) response.fields.add(field.name, field.value);
  return response;
}

}  // namespace postern::admin
