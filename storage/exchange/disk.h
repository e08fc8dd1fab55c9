// Files and directories of somebody else's mail. Nothing that is a link, a pipe or a device is opened, and no
// name is followed out of a directory: what is listed is opened by its name in that directory.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "storage/mailfiles/file_octets.h"

namespace postern::exchange {

struct DirectoryEntry {
  std::string name;
  bool directory = false;  // else a regular file
};
// Sorted by name; without "." and "..", and without what is neither a file nor a directory. not_found,
// unavailable; too_large beyond kEntriesMax.
Result<std::vector<DirectoryEntry>> list_directory(const std::string& path);
constexpr std::size_t kEntriesMax = 10'000'000;
bool is_directory(const std::string& path);
bool is_file(const std::string& path);

struct DiskFile {
  std::string octets;
  WallTime modified_at{};
};
// too_large: more than octets_max; invalid: no regular file.
Result<DiskFile> read_file(const std::string& path, std::uint64_t octets_max);
// Of a file that is read in pieces.
Result<std::unique_ptr<mailfiles::FileOctets>> open_file(const std::string& path);

struct NewFile {
  std::string path;
  std::string part;                     // its name until it is whole, on the same disk
  std::optional<WallTime> modified_at;  // now, if absent
  bool replaces = false;                // else it must not be there yet
};
// The file is whole or absent, or as it was. already_exists; invalid: no name for a file;
// unavailable: the disk is full.
Result<void> write_file(const NewFile& file, std::string_view octets);
Result<void> make_directory(const std::string& path);  // and what is above it; only for the owner

}  // namespace postern::exchange
