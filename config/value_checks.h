// What a text value must look like. A check answers with nothing when the value is fine, else with what was
// expected, in words that fit after "expected". Pure: no name is resolved and no file is opened here.
#pragma once

#include <string>
#include <string_view>

namespace postern {

using TextCheck = std::string (*)(std::string_view value);

std::string check_any(std::string_view value);          // printable, at most 4096 octets
std::string check_host_name(std::string_view value);    // RFC 1123 §2.1, or empty
std::string check_server_name(std::string_view value);  // the same, with "*." in front allowed, not empty
std::string check_absolute_path(std::string_view value);
std::string check_absolute_path_or_none(std::string_view value);
std::string check_relay_host(std::string_view value);   // host name, address, unix:/path, or empty
std::string check_https_url(std::string_view value);    // https://host[:port]/path, without a query
std::string check_http_origin(std::string_view value);  // http[s]://host[:port], or empty
std::string check_s3_name(std::string_view value);      // of a bucket or region, or empty
std::string check_s3_prefix(std::string_view value);    // of names in a bucket: empty, or it ends in "/"
std::string check_user_name(std::string_view value);    // a system user, or empty
std::string check_address(std::string_view value);      // an IPv4 or IPv6 address
std::string check_network(std::string_view value);      // an address, or address/prefix
std::string check_delimiter(std::string_view value);    // of an address's detail: empty or one such as "+"
std::string check_time_of_day(std::string_view value);  // "02:30"
std::string check_time_zone(std::string_view value);    // by its look only: PostgreSQL knows the names

}  // namespace postern
