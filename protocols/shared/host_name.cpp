#include "protocols/shared/host_name.h"

#include <unistd.h>

#include <array>

namespace postern {

std::string host_name(const ServerSettings& settings) {
  if (!settings.hostname.empty()) return settings.hostname;
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  return name.data();
}

}  // namespace postern
