#include "protocols/http/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>

#include "gateway/base/text.h"

namespace postern::http {

namespace {

// WBXML is mostly the mail in it.
bool is_compressible(std::string_view content_type) {
  const std::string_view type = text::trim(content_type.substr(0, content_type.find(';')));
  if (text::starts_with_same(type, "text/")) return true;
  for (const std::string_view one :
       {"application/json", "application/problem+json", "application/xml", "application/javascript",
        "application/vnd.ms-sync.wbxml", "application/vnd.ms-sync", "image/svg+xml"}) {
    if (text::same(type, one)) return true;
  }
  return false;
}

// "q=0", "q=0.0", … : not acceptable. Finer weights do not matter with one coding to choose.
bool is_refused(std::string_view parameters) {
  for (const std::string_view parameter : text::split(parameters, ';')) {
    const std::string_view trimmed = text::trim(parameter);
    if (!text::starts_with_same(trimmed, "q=")) continue;
    return trimmed.substr(2).find_first_not_of("0.") == std::string_view::npos;
  }
  return false;
}

}  // namespace

bool accepts_gzip(const RequestHead& request) {
  bool any = false;
  for (const std::string_view element : request.fields.list("Accept-Encoding")) {
    const std::size_t semicolon = std::min(element.find(';'), element.size());
    const std::string_view coding = text::trim(element.substr(0, semicolon));
    const bool allowed = !is_refused(element.substr(semicolon));
    if (text::same(coding, "gzip") || text::same(coding, "x-gzip")) return allowed;
    if (coding == "*") any = allowed;
  }
  return any;
}

bool wants_gzip(const RequestHead& request, const Response& response) {
  return response.body.size() >= kGzipOctetsMin && !response.fields.find("Content-Encoding") &&
         !response.fields.find("Content-Range") &&
         is_compressible(response.fields.find("Content-Type").value_or("")) && accepts_gzip(request);
}

std::string gzip(std::string_view octets) {
  constexpr int kWindowBitsForGzip = 15 + 16;
  constexpr int kMemoryLevel = 8;
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWindowBitsForGzip, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::string out(deflateBound(&stream, static_cast<uLong>(octets.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(octets.data()));
  stream.avail_in = static_cast<uInt>(octets.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int outcome = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (outcome != Z_STREAM_END) throw std::logic_error("deflate did not end");
  return out;
}

}  // namespace postern::http
