// Repository: the files of all evenings in a directory. A file is written under another name first and is
// never changed: what is there is whole. docs/backup.md describes it. Blocking: belongs off the loop.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/backup/manifest.h"
#include "storage/backup/pack.h"

namespace postern::backup {

class Repository {
 public:
  explicit Repository(std::string directory) : directory_(std::move(directory)) {}

  // Makes it, if there is none. invalid: something else is there.
  Result<void> open();

  // By date, oldest first; only complete ones.
  Result<std::vector<std::string>> evenings() const;
  Result<Evening> evening(const std::string& date) const;  // not_found
  Result<void> write(const Evening& evening);

  Result<Manifest> manifest(AccountId account, const std::string& date) const;
  bool has_manifest(AccountId account, const std::string& date) const;
  Result<void> write(const Manifest& manifest, const std::string& date);

  // Gives the pack's name.
  Result<std::string> write_pack(AccountId account, const std::string& date, PackWriter& pack);
  Result<Pack> pack(AccountId account, const std::string& name) const;

  struct Swept {
    std::uint64_t evenings = 0;
    std::uint64_t files = 0;
  };
  // Keeps the newest evenings and all they refer to, deletes the rest. Deletes no pack if a manifest that is
  // kept cannot be read.
  Result<Swept> sweep(std::size_t evenings_kept);

 private:
  std::string folder_of(AccountId account) const;

  const std::string directory_;
};

// "2025-01-31", UTC.
std::string date_of(WallTime time);

}  // namespace postern::backup
