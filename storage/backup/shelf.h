// Shelf: where a repository's files lie, by names such as "accounts/4711/2025-01-31.packs": a directory, or a
// bucket. A file is there as a whole or not at all, and is read in pieces. Blocking: belongs off the loop.
// Errors: unavailable (full, or out of reach; the detail says which).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "storage/mailfiles/file_octets.h"

namespace postern::backup {

using mailfiles::FileOctets;

// A file on its way. Given up unfinished, it is as if it had never been begun.
class ShelfFile {
 public:
  virtual ~ShelfFile() = default;
  virtual Result<void> write(std::string_view octets) = 0;
  // There, and durable. already_exists, unless it may replace.
  virtual Result<void> finish() = 0;
};

enum class Replaces : std::uint8_t { no, yes };

struct Listed {
  std::vector<std::string> files;  // by name, without the folder's
  std::vector<std::string> folders;
};

class Shelf {
 public:
  virtual ~Shelf() = default;
  // What lies directly in a folder, "" being the top. A folder that is not there is empty.
  virtual Result<Listed> list(const std::string& folder) = 0;
  virtual Result<std::unique_ptr<FileOctets>> open(const std::string& name) = 0;  // not_found
  virtual Result<std::unique_ptr<ShelfFile>> create(const std::string& name, Replaces replaces) = 0;
  virtual Result<void> remove(const std::string& name) = 0;  // whether or not it is there
  // What writers have left that did not live to finish.
  virtual Result<std::uint64_t> sweep_unfinished() = 0;
};

// All of it. too_large.
Result<std::string> read_whole(Shelf& shelf, const std::string& name, std::uint64_t octets_max);
Result<void> write_whole(Shelf& shelf, const std::string& name, std::string_view octets, Replaces replaces);

}  // namespace postern::backup
