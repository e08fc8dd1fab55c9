#include "config/value_checks.h"

#include <arpa/inet.h>

#include <algorithm>

#include "gateway/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kTextOctetsMax = 4096;
constexpr std::size_t kHostNameOctetsMax = 253;
constexpr std::size_t kLabelOctetsMax = 63;
constexpr std::size_t kUserNameOctetsMax = 32;

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kLabelOctetsMax || label.front() == '-' || label.back() == '-')
    return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '-'; });
}

bool is_host_name(std::string_view value) {
  if (value.empty() || value.size() > kHostNameOctetsMax) return false;
  const auto labels = text::split(value, '.');
  return std::all_of(labels.begin(), labels.end(), is_label);
}

// Octets of the address: 4, 16, or 0 when it is none.
std::size_t address_octets(std::string_view value) {
  unsigned char octets[16];
  const std::string terminated(value);
  if (terminated.find('\0') != std::string::npos) return 0;
  if (inet_pton(AF_INET, terminated.c_str(), octets) == 1) return 4;
  return inet_pton(AF_INET6, terminated.c_str(), octets) == 1 ? 16 : 0;
}

}  // namespace

std::string check_any(std::string_view value) {
  if (value.size() > kTextOctetsMax) return "at most " + std::to_string(kTextOctetsMax) + " octets";
  const bool printable =
      std::none_of(value.begin(), value.end(), [](char c) { return (c >= 0 && c < ' ') || c == 127; });
  return printable ? "" : "text on one line without control characters";
}

std::string check_host_name(std::string_view value) {
  return value.empty() || is_host_name(value) ? "" : "a host name such as mail.example.org";
}

std::string check_server_name(std::string_view value) {
  const std::string_view host = value.substr(value.substr(0, 2) == "*." ? 2 : 0);
  return is_host_name(host) ? "" : "a host name such as mail.example.org or *.example.org";
}

std::string check_absolute_path(std::string_view value) {
  const bool absolute = !value.empty() && value.front() == '/' && check_any(value).empty();
  return absolute ? "" : "a path that begins with \"/\"";
}

std::string check_absolute_path_or_none(std::string_view value) {
  return value.empty() ? "" : check_absolute_path(value);
}

std::string check_relay_host(std::string_view value) {
  constexpr std::string_view kUnix = "unix:";
  const bool fine = value.empty() || is_host_name(value) || address_octets(value) != 0 ||
                    (value.starts_with(kUnix) && check_absolute_path(value.substr(kUnix.size())).empty());
  return fine ? "" : "a host name, an address, or unix:/path";
}

std::string check_https_url(std::string_view value) {
  constexpr std::string_view kScheme = "https://";
  constexpr std::size_t kUrlOctetsMax = 1000;
  const bool begins = value.starts_with(kScheme) && value.size() <= kUrlOctetsMax;
  const std::string_view rest = begins ? value.substr(kScheme.size()) : std::string_view();
  const std::size_t slash = rest.find('/');
  const std::string_view authority = rest.substr(0, slash);
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos;
  const std::string_view host = authority.substr(0, colon);
  const bool port_fits = !has_port || text::number(authority.substr(colon + 1), 65535).value_or(0) > 0;
  const bool path_fits = slash != std::string_view::npos && std::all_of(rest.begin(), rest.end(), [](char c) {
                           return c > ' ' && c < 0x7F && c != '?' && c != '#' && c != '"' && c != '\\';
                         });
  return !host.empty() && is_host_name(host) && port_fits && path_fits ? "" : "https://host/path";
}

std::string check_http_origin(std::string_view value) {
  if (value.empty()) return "";
  std::string_view rest = value;
  if (value.starts_with("https://"))
    rest.remove_prefix(8);
  else if (value.starts_with("http://"))
    rest.remove_prefix(7);
  const std::size_t colon = rest.rfind(':');
  const bool has_port = colon != std::string_view::npos;
  const bool port_fits = !has_port || text::number(rest.substr(colon + 1), 65535).value_or(0) > 0;
  const std::string_view host = rest.substr(0, colon);
  const bool host_fits = is_host_name(host) || address_octets(host) == 4;
  return rest.size() < value.size() && host_fits && port_fits ? "" : "https://host or http://host:port";
}

std::string check_s3_name(std::string_view value) {
  const bool plain = value.size() <= 63 && std::all_of(value.begin(), value.end(), [](char c) {
                       return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '.';
                     });
  return plain ? "" : "letters, digits, \"-\" and \".\", at most 63";
}

std::string check_s3_prefix(std::string_view value) {
  if (value.empty()) return "";
  const bool plain = value.size() <= 200 && value.back() == '/' && value.front() != '/' &&
                     value.find("//") == std::string_view::npos &&
                     std::all_of(value.begin(), value.end(), [](char c) {
                       return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '_' || c == '/';
                     });
  return plain ? "" : "a folder such as postern/";
}

std::string check_user_name(std::string_view value) {
  const bool plain =
      value.size() <= kUserNameOctetsMax && std::all_of(value.begin(), value.end(), [](char c) {
        return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '_' || c == '.';
      });
  return plain ? "" : "the name of a system user";
}

std::string check_address(std::string_view value) {
  return address_octets(value) != 0 ? "" : "an address such as 127.0.0.1 or ::";
}

std::string check_network(std::string_view value) {
  const auto slash = value.find('/');
  const std::size_t octets = address_octets(value.substr(0, slash));
  const bool prefix_fits =
      slash == std::string_view::npos || text::number(value.substr(slash + 1), octets * 8).has_value();
  return octets != 0 && prefix_fits ? ""
                                    : "a network such as 192.0.2.0/24, 2001:db8::/32 or a single address";
}

std::string check_delimiter(std::string_view value) {
  constexpr std::string_view kDelimiters = "+-_=#~!$%&*";
  const bool known =
      value.empty() || (value.size() == 1 && kDelimiters.find(value[0]) != std::string_view::npos);
  return known ? "" : "nothing or one of " + std::string(kDelimiters);
}

std::string check_time_of_day(std::string_view value) {
  const auto field = [value](std::size_t at, std::uint64_t most) {
    return text::number(value.substr(at, 2), most).has_value();
  };
  const bool fits = value.size() == 5 && value[2] == ':' && field(0, 23) && field(3, 59);
  return fits ? "" : "a time of the day such as 02:30";
}

std::string check_time_zone(std::string_view value) {
  constexpr std::size_t kOctetsMax = 64;
  const bool fits =
      !value.empty() && value.size() <= kOctetsMax && text::is_alpha(value[0]) &&
      std::all_of(value.begin(), value.end(), [](char c) {
        return text::is_alpha(c) || text::is_digit(c) || c == '/' || c == '_' || c == '-' || c == '+';
      });
  return fits ? "" : "a time zone such as Europe/Berlin or UTC";
}

}  // namespace postern
