// BlobTable: in which pack a message's octets lie, for a million of them in 16 MiB: blobs that are added in
// their order cost nothing but their room, others are gathered and merged in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/model/ids.h"

namespace postern::backup {

class BlobTable {
 public:
  // The first word about a blob counts.
  void add(BlobId blob, const std::string& pack);
  const std::string* find(BlobId blob) const;  // the pack's name
  void clear();

 private:
  struct Entry {
    BlobId blob{};
    std::uint32_t pack = 0;
  };
  static constexpr std::size_t kGatheredMax = 4096;
  void merge();

  std::vector<std::string> names_;
  std::map<std::string, std::uint32_t> numbers_;
  std::vector<Entry> sorted_;
  std::map<BlobId, std::uint32_t> gathered_;
};

}  // namespace postern::backup
