#include "protocols/http/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gateway/base/text.h"

namespace postern::http {

namespace {

void append_safely(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    out += octet < 0x20 || octet == 0x7F ? ' ' : c;
  }
}

}  // namespace

void Fields::set(std::string name, std::string value) {
  std::erase_if(all_, [&](const Field& field) { return text::same(field.name, name); });
  add(std::move(name), std::move(value));
}

std::optional<std::string_view> Fields::find(std::string_view name) const {
  for (const Field& field : all_) {
    if (text::same(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::size_t Fields::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      all_.begin(), all_.end(), [&](const Field& field) { return text::same(field.name, name); }));
}

std::vector<std::string_view> Fields::list(std::string_view name) const {
  std::vector<std::string_view> elements;
  for (const Field& field : all_) {
    if (!text::same(field.name, name)) continue;
    for (const std::string_view element : text::split(field.value, ',')) {
      const std::string_view trimmed = text::trim(element);
      if (!trimmed.empty()) elements.push_back(trimmed);
    }
  }
  return elements;
}

bool Fields::has_token(std::string_view name, std::string_view token) const {
  const auto elements = list(name);
  return std::any_of(elements.begin(), elements.end(),
                     [&](std::string_view element) { return text::same(element, token); });
}

Response::Response(int s, std::string content_type, std::string octets) : status(s), body(std::move(octets)) {
  fields.add("Content-Type", std::move(content_type));
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 449: return "Retry after sending a PROVISION command";  // MS-ASHTTP §2.2.2.1.1
    case 451: return "Redirect";                                 // MS-ASHTTP §2.2.2.1.1
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: break;
  }
  constexpr std::array<std::string_view, 5> kClasses = {"Continue", "OK", "Redirection", "Bad Request",
                                                        "Internal Server Error"};
  const int index = std::clamp(status / 100, 1, 5) - 1;
  return kClasses[static_cast<std::size_t>(index)];
}

std::string http_date(WallTime time) {
  using namespace std::chrono;
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::string head_text(const Response& response) {
  std::string text = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  for (const Field& field : response.fields.all()) {
    append_safely(text, field.name);
    text += ": ";
    append_safely(text, field.value);
    text += "\r\n";
  }
  text += "\r\n";
  return text;
}

}  // namespace postern::http
