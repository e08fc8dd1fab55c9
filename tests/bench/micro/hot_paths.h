// The pure paths that every request takes, as operations that can be repeated: timed by google benchmark,
// counted in instructions by callgrind.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace postern::bench {

struct Operation {
  std::string name;
  std::uint64_t octets;              // that one run reads or writes
  std::function<std::size_t()> run;  // its result depends on the work, so that none is left out
};

std::vector<Operation> imap_parsing();
std::vector<Operation> fetch_writing();
std::vector<Operation> mime_scanning();

}  // namespace postern::bench
