#include "gateway/base/machine.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <thread>

#include "gateway/base/text.h"

namespace postern {

namespace {

std::uint64_t limit_in(const char* file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) return UINT64_MAX;
  return text::number(text::trim(line)).value_or(UINT64_MAX);  // "max": none
}

}  // namespace

std::uint64_t usable_memory_octets() {
  const std::uint64_t physical =
      static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return std::min({physical, limit_in("/sys/fs/cgroup/memory.max"),
                   limit_in("/sys/fs/cgroup/memory/memory.limit_in_bytes")});
}

std::uint32_t processor_cores() {
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace postern
