// rooms: http
// The first octet says in what pieces the rest arrives. What comes out does not depend on the pieces, and a
// request's end is where the parser stopped taking.
#include <cstdlib>
#include <string>

#include "protocols/http/limits.h"
#include "protocols/http/request_parser.h"

namespace {

std::string outcome(std::string_view octets, std::size_t piece) {
  using namespace postern::http;
  RequestParser parser;
  std::string unread;
  std::string text;
  for (std::size_t at = 0; at < octets.size(); at += piece) {
    unread += octets.substr(at, piece);
    std::size_t taken = 0;
    do {
      taken = parser.feed(unread);
      if (taken > unread.size()) std::abort();
      unread.erase(0, taken);
      text += parser.take_body();
      if (parser.complete() || parser.refusal()) break;
    } while (taken > 0);
    if (parser.complete() || parser.refusal()) break;
    if (unread.size() > kHeadOctetsMax) std::abort();
  }
  if (parser.refusal()) return "refused";
  if (!parser.complete()) return "more";
  const RequestHead& head = parser.head();
  if (head.chunked && head.content_length) std::abort();
  if (head.content_length && text.size() != *head.content_length) std::abort();
  return head.method + ' ' + head.path + '?' + head.query + ' ' + text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view octets(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = outcome(octets, octets.size() + 1);
  if (outcome(octets, data[0] % 16 + 1) != whole) std::abort();
  return 0;
}
