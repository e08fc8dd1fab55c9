// Autodiscover's XML for phones (MS-ASCMD §2.2.1.1, "mobilesync" schemas): request in, answers out. Nothing
// in it is ever fetched, resolved or expanded. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"

namespace postern::autoconfig {

constexpr std::size_t kAutodiscoverOctetsMax = 8 * 1024;
constexpr unsigned kAutodiscoverDepthMax = 10;

enum class Wanted : std::uint8_t {
  mobile_sync,     // also if no schema is named, as some Android clients do
  another_schema,  // answered with error 601
  unreadable,      // not such a request: error 600
  forbidden,       // with a document type: HTTP 400, whatever else it says
};
Wanted read_autodiscover(std::string_view xml);

// `address` is the account's, `url` where it synchronises.
std::string autodiscover_answer(const std::string& address, const std::string& url);
// 600 "Invalid Request", 601 "Provider is not available".
std::string autodiscover_error(int code, WallTime now);

}  // namespace postern::autoconfig
