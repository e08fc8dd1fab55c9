// A file is written as NAME.<random>.part, flushed, and gets its name when it is whole: two processes never
// write the same one, even if one of them believes wrongly that it still has the lease.
#include "storage/backup/directory_shelf.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "storage/backup/random_name.h"
#include "storage/exchange/disk.h"

namespace postern::backup {

namespace {

constexpr std::string_view kPart = ".part";
constexpr int kDepthMax = 4;

Error failed(const std::string& path) {
  const ErrorKind kind = errno == EEXIST ? ErrorKind::already_exists : ErrorKind::unavailable;
  return Error(kind, path + ": " + std::strerror(errno));
}

// A name is durable when its directory is.
Result<void> flush_directory(const std::string& path) {
  const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return failed(path);
  const bool flushed = ::fsync(directory) == 0;
  const Error error = failed(path);
  ::close(directory);
  if (!flushed) return error;
  return {};
}

class PartFile final : public ShelfFile {
 public:
  PartFile(std::string path, Replaces replaces)
      : path_(std::move(path)),
        part_(path_ + '.' + random_name() + std::string(kPart)),
        replaces_(replaces) {}
  ~PartFile() override {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(part_.c_str());
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  Result<void> begin() {
    descriptor_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor_ < 0) return failed(part_);
    return {};
  }

  Result<void> write(std::string_view octets) override {
    while (!octets.empty()) {
      const ssize_t count = ::write(descriptor_, octets.data(), octets.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return failed(part_);
      octets.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
  }

  Result<void> finish() override {
    if (::fsync(descriptor_) != 0) return failed(part_);
    // link() refuses a name that is taken; rename() would replace the file.
    if (replaces_ == Replaces::yes) {
      if (::rename(part_.c_str(), path_.c_str()) != 0) return failed(path_);
    } else {
      if (::link(part_.c_str(), path_.c_str()) != 0) return failed(path_);
      if (::unlink(part_.c_str()) != 0) return failed(part_);
    }
    ::close(std::exchange(descriptor_, -1));
    return flush_directory(path_.substr(0, path_.rfind('/')));
  }

 private:
  const std::string path_;
  const std::string part_;
  const Replaces replaces_;
  int descriptor_ = -1;
};

}  // namespace

Result<Listed> DirectoryShelf::list(const std::string& folder) {
  const auto entries = exchange::list_directory(directory_ + '/' + folder);
  if (!entries && entries.error().kind == ErrorKind::not_found) return Listed();
  if (!entries) return entries.error();
  Listed listed;
  for (const exchange::DirectoryEntry& entry : *entries) {
    if (entry.directory) {
      listed.folders.push_back(entry.name);
    } else if (!entry.name.ends_with(kPart)) {
      listed.files.push_back(entry.name);
    }
  }
  return listed;
}

Result<std::unique_ptr<FileOctets>> DirectoryShelf::open(const std::string& name) {
  return exchange::open_file(directory_ + '/' + name);
}

Result<std::unique_ptr<ShelfFile>> DirectoryShelf::create(const std::string& name, Replaces replaces) {
  const std::string path = directory_ + '/' + name;
  TRY_VOID(exchange::make_directory(path.substr(0, path.rfind('/'))));
  auto file = std::make_unique<PartFile>(path, replaces);
  TRY_VOID(file->begin());
  return std::unique_ptr<ShelfFile>(std::move(file));
}

Result<void> DirectoryShelf::remove(const std::string& name) {
  const std::string path = directory_ + '/' + name;
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed(path);
  // Empty folders have no use; one that is not empty stays.
  const std::string folder = path.substr(0, path.rfind('/'));
  if (name.starts_with("accounts/")) ::rmdir(folder.c_str());
  return {};
}

Result<std::uint64_t> DirectoryShelf::sweep_unfinished() {
  return sweep_unfinished_in(directory_, 0);
}

Result<std::uint64_t> DirectoryShelf::sweep_unfinished_in(const std::string& folder, int depth) {
  std::uint64_t swept = 0;
  TRY(const auto entries, exchange::list_directory(folder));
  for (const exchange::DirectoryEntry& entry : entries) {
    const std::string path = folder + '/' + entry.name;
    if (entry.directory && depth < kDepthMax) {
      TRY(const std::uint64_t below, sweep_unfinished_in(path, depth + 1));
      swept += below;
    } else if (!entry.directory && entry.name.ends_with(kPart)) {
      if (::unlink(path.c_str()) == 0) ++swept;
    }
  }
  return swept;
}

}  // namespace postern::backup
