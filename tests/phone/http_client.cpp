#include "tests/phone/http_client.h"

#include <fmt/format.h>
#include <zlib.h>

#include "gateway/base/text.h"
#include "tests/phone/expect.h"

namespace postern::phone {

namespace {

constexpr std::size_t kBodyOctetsMax = 512 * 1024 * 1024;

std::string gunzip(std::string_view packed) {
  z_stream stream{};
  expect(inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK, "zlib does not start");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  int state = Z_OK;
  while (state == Z_OK) {
    const std::size_t before = out.size();
    out.resize(before + 64 * 1024);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = 64 * 1024;
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  expect(state == Z_STREAM_END, "the answer says gzip and is none");
  return out;
}

std::size_t size_from(const std::string& digits, int base) {
  try {
    const std::size_t size = std::stoul(digits, nullptr, base);
    expect(size <= kBodyOctetsMax, "a body beyond all measure");
    return size;
  } catch (const std::logic_error&) {
    throw Broken("no length of a body: " + digits);
  }
}

std::string read_chunks(bench::Connection& connection) {
  std::string body;
  while (true) {
    const std::size_t size = size_from(std::string(connection.line()), 16);
    body += connection.octets(size);
    expect(connection.line().empty(), "a chunk that does not end where it says");
    if (size == 0) return body;
  }
}

}  // namespace

std::string HttpAnswer::field(const std::string& lower_case_name) const {
  const auto found = fields.find(lower_case_name);
  return found == fields.end() ? std::string() : found->second;
}

void HttpClient::write(const HttpRequest& request) {
  std::string octets = fmt::format("{} {} HTTP/1.1\r\nHost: {}:{}\r\n", request.method, request.target,
                                   target_.host, target_.port);
  for (const auto& [name, value] : request.fields) octets += fmt::format("{}: {}\r\n", name, value);
  if (request.method == "POST") octets += fmt::format("Content-Length: {}\r\n", request.body.size());
  connection_->write(octets + "\r\n" + request.body);
}

void HttpClient::send(const HttpRequest& request) {
  if (!connection_) {
    connection_ = std::make_unique<bench::Connection>(target_);
    used_ = false;
  }
  write(request);
}

HttpAnswer HttpClient::receive() {
  const std::string line(connection_->line());
  expect(line.size() >= 12 && line.starts_with("HTTP/1.1 "), "no answer of HTTP/1.1: " + line);
  HttpAnswer answer;
  answer.status = static_cast<int>(size_from(line.substr(9, 3), 10));
  while (true) {
    const std::string field(connection_->line());
    if (field.empty()) break;
    const std::size_t colon = std::min(field.find(':'), field.size() - 1);
    answer.fields[text::to_lower(field.substr(0, colon))] = text::trim(field.substr(colon + 1));
  }
  if (answer.field("transfer-encoding") == "chunked") {
    answer.body = read_chunks(*connection_);
  } else if (const std::string length = answer.field("content-length"); !length.empty()) {
    answer.body = connection_->octets(size_from(length, 10));
  }
  if (answer.field("content-encoding") == "gzip") answer.body = gunzip(answer.body);
  used_ = true;
  if (text::same(answer.field("connection"), "close")) hang_up();
  return answer;
}

HttpAnswer HttpClient::ask(const HttpRequest& request) {
  const bool may_be_stale = connection_ != nullptr && used_;
  try {
    send(request);
    return receive();
  } catch (const bench::Failure&) {
    hang_up();
    if (!may_be_stale) throw;
  }
  send(request);
  return receive();
}

}  // namespace postern::phone
