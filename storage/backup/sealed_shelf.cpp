#include "storage/backup/sealed_shelf.h"

#include <algorithm>

namespace postern::backup {

namespace {

constexpr std::uint64_t kChunkOctets = kSealedChunkOctets + kSealTagOctets;

class SealedOctets final : public FileOctets {
 public:
  SealedOctets(std::unique_ptr<FileOctets> under, Seal seal, std::uint64_t size)
      : under_(std::move(under)),
        seal_(std::move(seal)),
        size_(size),
        last_((under_->size() - kSealHeaderOctets - 1) / kChunkOctets) {}

  std::uint64_t size() const override { return size_; }

  Result<std::string> read(std::uint64_t offset, std::size_t octets_max) override {
    std::string octets;
    const std::uint64_t end = offset + std::min<std::uint64_t>(octets_max, size_ - std::min(offset, size_));
    while (offset < end) {
      const std::uint64_t number = offset / kSealedChunkOctets;
      TRY_VOID(hold(number));
      const std::size_t from = static_cast<std::size_t>(offset % kSealedChunkOctets);
      const std::size_t count =
          std::min<std::size_t>(chunk_.size() - from, static_cast<std::size_t>(end - offset));
      octets.append(chunk_, from, count);
      offset += count;
    }
    return octets;
  }

  // The last chunk says that it is the last: a file that was cut off at a chunk's end shows here.
  Result<void> check_end() { return hold(last_); }

 private:
  Result<void> hold(std::uint64_t number) {
    if (held_ == static_cast<std::int64_t>(number)) return {};
    TRY(const std::string sealed, under_->read(kSealHeaderOctets + number * kChunkOctets, kChunkOctets));
    TRY(chunk_, seal_.open_chunk(number, number == last_, sealed));
    held_ = static_cast<std::int64_t>(number);
    return {};
  }

  const std::unique_ptr<FileOctets> under_;
  const Seal seal_;
  const std::uint64_t size_;
  const std::uint64_t last_;  // chunk's number
  std::int64_t held_ = -1;
  std::string chunk_;
};

class SealedFile final : public ShelfFile {
 public:
  SealedFile(std::unique_ptr<ShelfFile> under, Seal seal)
      : under_(std::move(under)), seal_(std::move(seal)) {}

  Result<void> write(std::string_view octets) override {
    // A full chunk waits until there is more: only then it is not the last.
    while (!octets.empty()) {
      if (held_.size() == kSealedChunkOctets) TRY_VOID(put(false));
      const std::size_t count = std::min(kSealedChunkOctets - held_.size(), octets.size());
      held_ += octets.substr(0, count);
      octets.remove_prefix(count);
    }
    return {};
  }

  Result<void> finish() override {
    TRY_VOID(put(true));
    return under_->finish();
  }

 private:
  Result<void> put(bool last) {
    if (number_ == 0) TRY_VOID(under_->write(seal_.header()));
    TRY(const std::string sealed, seal_.close_chunk(number_++, last, held_));
    held_.clear();
    return under_->write(sealed);
  }

  const std::unique_ptr<ShelfFile> under_;
  const Seal seal_;
  std::uint64_t number_ = 0;
  std::string held_;
};

}  // namespace

Result<std::unique_ptr<FileOctets>> SealedShelf::open(const std::string& name) {
  TRY(std::unique_ptr<FileOctets> file, under_->open(name));
  TRY(const std::string header, file->read(0, kSealHeaderOctets));
  TRY(Seal seal, Seal::open(key_, name, header));
  const auto size = unsealed_size(file->size());
  if (!size) return Error(ErrorKind::invalid, name + ": " + size.error().detail);
  auto opened = std::make_unique<SealedOctets>(std::move(file), std::move(seal), *size);
  TRY_VOID(opened->check_end());
  return std::unique_ptr<FileOctets>(std::move(opened));
}

Result<std::unique_ptr<ShelfFile>> SealedShelf::create(const std::string& name, Replaces replaces) {
  TRY(Seal seal, Seal::make(key_, name));
  TRY(std::unique_ptr<ShelfFile> file, under_->create(name, replaces));
  return std::unique_ptr<ShelfFile>(std::make_unique<SealedFile>(std::move(file), std::move(seal)));
}

}  // namespace postern::backup
