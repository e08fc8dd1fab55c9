// What an S3 store answers: ListObjectsV2's XML, and the code of an error. Pure; the few elements that are
// wanted are looked for by name, whatever else is there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace postern::backup {

struct S3Listing {
  std::vector<std::string> keys;
  std::vector<std::string> prefixes;
  std::string continuation;  // not empty: there is more behind it
};
Result<S3Listing> parse_s3_listing(std::string_view xml);  // invalid
// "NoSuchBucket"; empty: none.
std::string s3_error_code(std::string_view xml);
// RFC 3986: for a query's value.
std::string percent_encoded(std::string_view value);

}  // namespace postern::backup
