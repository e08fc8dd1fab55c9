// SealedShelf: a shelf on which everything is sealed (sealing.h). Names stay readable.
#pragma once

#include "storage/backup/sealing.h"
#include "storage/backup/shelf.h"

namespace postern::backup {

class SealedShelf final : public Shelf {
 public:
  SealedShelf(std::shared_ptr<Shelf> under, SealingKey key)
      : under_(std::move(under)), key_(std::move(key)) {}

  Result<Listed> list(const std::string& folder) override { return under_->list(folder); }
  // denied: sealed with another key; invalid: not sealed.
  Result<std::unique_ptr<FileOctets>> open(const std::string& name) override;
  Result<std::unique_ptr<ShelfFile>> create(const std::string& name, Replaces replaces) override;
  Result<void> remove(const std::string& name) override { return under_->remove(name); }
  Result<std::uint64_t> sweep_unfinished() override { return under_->sweep_unfinished(); }

 private:
  const std::shared_ptr<Shelf> under_;  // which also holds what is not sealed: the repository's mark
  const SealingKey key_;
};

}  // namespace postern::backup
