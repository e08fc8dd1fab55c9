// The web application's files as the build made them; build.mjs writes what is behind this header.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace postern::web {

struct File {
  std::string path;  // "/", or "/assets/NAME-HASH.EXTENSION"
  std::string content_type;
  std::string_view plain;
  std::string_view gzipped;
};

const std::vector<File>& files();

}  // namespace postern::web
