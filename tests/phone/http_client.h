// HTTP/1.1 as a phone speaks it: one connection that is kept, opened again when the server has closed it.
// Blocking; gzip is undone.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/client/connection.h"

namespace postern::phone {

struct HttpRequest {
  std::string method = "POST";
  std::string target;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
};

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;

  std::string field(const std::string& lower_case_name) const;  // empty: none
};

// All methods throw bench::Failure when the connection breaks.
class HttpClient {
 public:
  explicit HttpClient(bench::Target target) : target_(std::move(target)) {}

  // send and receive are two calls, so that something can happen while the server waits.
  void send(const HttpRequest& request);
  HttpAnswer receive();
  HttpAnswer ask(const HttpRequest& request);
  // As where the network goes away: what was asked is not read any more.
  void hang_up() { connection_.reset(); }
  bool is_open() const { return connection_ != nullptr; }

 private:
  void write(const HttpRequest& request);

  const bench::Target target_;
  std::unique_ptr<bench::Connection> connection_;
  bool used_ = false;  // it has had an answer: the server may have closed it meanwhile
};

}  // namespace postern::phone
