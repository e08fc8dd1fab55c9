// What the machine, or the container we are in, has to give.
#pragma once

#include <cstdint>

namespace postern {

std::uint64_t usable_memory_octets();
std::uint32_t processor_cores();  // at least 1

}  // namespace postern
