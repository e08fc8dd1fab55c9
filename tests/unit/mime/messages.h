// Messages for the MIME tests, whole and broken, each with what its structure is to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/mime/part.h"

namespace postern::mime::test {

struct Sample {
  std::string name;
  std::string message;
  std::string structure;  // as describe() prints it
};

// '\n' to CRLF, so that samples can be read.
std::string crlf(std::string_view text);
// "multipart/mixed(text/plain[Hello] text/html[<p>])": types and the body octets of leaves, '\r' as '~', '\n'
// as '|'.
std::string describe(const Part& part, std::string_view message);
const std::vector<Sample>& samples();

}  // namespace postern::mime::test
