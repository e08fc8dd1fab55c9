#include "gateway/base/machine.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(Machine, HasMemoryAndCores) {
  EXPECT_GT(usable_memory_octets(), std::uint64_t{1} << 20);
  EXPECT_GE(processor_cores(), 1U);
}

}  // namespace
}  // namespace postern
