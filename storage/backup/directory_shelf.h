// DirectoryShelf: a repository in a directory, files and folders for their owner alone.
#pragma once

#include "storage/backup/shelf.h"

namespace postern::backup {

class DirectoryShelf final : public Shelf {
 public:
  explicit DirectoryShelf(std::string directory) : directory_(std::move(directory)) {}

  Result<Listed> list(const std::string& folder) override;
  Result<std::unique_ptr<FileOctets>> open(const std::string& name) override;
  Result<std::unique_ptr<ShelfFile>> create(const std::string& name, Replaces replaces) override;
  Result<void> remove(const std::string& name) override;
  Result<std::uint64_t> sweep_unfinished() override;

 private:
  Result<std::uint64_t> sweep_unfinished_in(const std::string& folder, int depth);

  const std::string directory_;
};

}  // namespace postern::backup
