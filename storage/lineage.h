// Lineage: which store this is, and which of its lives. A database that is restored to an earlier moment
// begins another: numbers that were given out after that moment may come again, so whoever remembers some
// from outside (a backup's manifests) must not believe them in another life.
#pragma once

#include <cstdint>
#include <string>

namespace postern {

struct Lineage {
  std::string store;  // "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", for ever
  std::uint32_t life = 0;
  friend bool operator==(const Lineage&, const Lineage&) = default;
};

}  // namespace postern
