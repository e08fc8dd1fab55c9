#include "storage/exchange/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

namespace postern::exchange {

namespace {

Error failed(const std::string& path) {
  const ErrorKind kind = errno == ENOENT         ? ErrorKind::not_found
                         : errno == EEXIST       ? ErrorKind::already_exists
                         : errno == ELOOP        ? ErrorKind::invalid
                         : errno == ENAMETOOLONG ? ErrorKind::invalid
                         : errno == ENOTDIR      ? ErrorKind::invalid
                                                 : ErrorKind::unavailable;
  return Error(kind, path + ": " + std::strerror(errno));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  const int number_;
};

struct Opened {
  std::unique_ptr<Descriptor> descriptor;
  std::uint64_t size = 0;
  WallTime modified_at{};
};

// Without waiting for a pipe's writer, and not through a link.
Result<Opened> open_regular(const std::string& path) {
  Opened opened;
  opened.descriptor =
      std::make_unique<Descriptor>(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (opened.descriptor->number() < 0) return failed(path);
  struct stat facts {};
  if (::fstat(opened.descriptor->number(), &facts) != 0) return failed(path);
  if (!S_ISREG(facts.st_mode)) return Error(ErrorKind::invalid, path + ": no regular file");
  opened.size = static_cast<std::uint64_t>(facts.st_size);
  opened.modified_at = WallTime(std::chrono::seconds(facts.st_mtim.tv_sec)) +
                       std::chrono::microseconds(facts.st_mtim.tv_nsec / 1000);
  return opened;
}

Result<std::string> read_at(int descriptor, std::uint64_t offset, std::size_t octets_max) {
  std::string octets(octets_max, '\0');
  std::size_t have = 0;
  while (have < octets_max) {
    const ssize_t count =
        ::pread(descriptor, octets.data() + have, octets_max - have, static_cast<off_t>(offset + have));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("read");
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  octets.resize(have);
  return octets;
}

class DiskOctets final : public mailfiles::FileOctets {
 public:
  explicit DiskOctets(Opened opened) : opened_(std::move(opened)) {}
  std::uint64_t size() const override { return opened_.size; }
  Result<std::string> read(std::uint64_t offset, std::size_t octets_max) override {
    const std::uint64_t left = offset < opened_.size ? opened_.size - offset : 0;
    return read_at(opened_.descriptor->number(), offset,
                   static_cast<std::size_t>(std::min<std::uint64_t>(left, octets_max)));
  }

 private:
  const Opened opened_;
};

bool is_kind(const std::string& path, mode_t kind) {
  struct stat facts {};
  return ::lstat(path.c_str(), &facts) == 0 && (facts.st_mode & S_IFMT) == kind;
}

}  // namespace

bool is_directory(const std::string& path) {
  return is_kind(path, S_IFDIR);
}

bool is_file(const std::string& path) {
  return is_kind(path, S_IFREG);
}

Result<std::vector<DirectoryEntry>> list_directory(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
  if (!directory) return failed(path);
  std::vector<DirectoryEntry> entries;
  while (const dirent* found = ::readdir(directory.get())) {
    DirectoryEntry entry;
    entry.name = found->d_name;
    if (entry.name == "." || entry.name == "..") continue;
    const std::string whole = path + '/' + entry.name;
    entry.directory = found->d_type == DT_DIR || (found->d_type == DT_UNKNOWN && is_directory(whole));
    const bool file = found->d_type == DT_REG || (found->d_type == DT_UNKNOWN && is_file(whole));
    if (!entry.directory && !file) continue;
    if (entries.size() == kEntriesMax) return Error(ErrorKind::too_large, path + ": too many files");
    entries.push_back(std::move(entry));
  }
  std::sort(entries.begin(), entries.end(),
            [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
  return entries;
}

Result<DiskFile> read_file(const std::string& path, std::uint64_t octets_max) {
  TRY(const Opened opened, open_regular(path));
  if (opened.size > octets_max) return Error(ErrorKind::too_large, path + ": too large");
  DiskFile file;
  file.modified_at = opened.modified_at;
  TRY(file.octets, read_at(opened.descriptor->number(), 0, static_cast<std::size_t>(opened.size)));
  return file;
}

Result<std::unique_ptr<mailfiles::FileOctets>> open_file(const std::string& path) {
  TRY(Opened opened, open_regular(path));
  return std::unique_ptr<mailfiles::FileOctets>(std::make_unique<DiskOctets>(std::move(opened)));
}

Result<void> write_file(const NewFile& wanted, std::string_view octets) {
  const std::string& before = wanted.part;
  {
    const Descriptor file(
        ::open(before.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.number() < 0) return failed(before);
    while (!octets.empty()) {
      const ssize_t count = ::write(file.number(), octets.data(), octets.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return failed(before);
      octets.remove_prefix(static_cast<std::size_t>(count));
    }
    if (wanted.modified_at) {
      const auto since = wanted.modified_at->time_since_epoch();
      const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
      timespec times[2]{};
      times[0].tv_nsec = UTIME_NOW;
      times[1].tv_sec = seconds.count();
      times[1].tv_nsec = static_cast<long>((since - seconds).count() * 1000);
      if (::futimens(file.number(), times) != 0) return failed(before);
    }
    if (::fsync(file.number()) != 0) return failed(before);
  }
  if (wanted.replaces) {
    if (::rename(before.c_str(), wanted.path.c_str()) != 0) return failed(wanted.path);
    return {};
  }
  // link() refuses a name that is taken; rename() would replace the file.
  if (::link(before.c_str(), wanted.path.c_str()) != 0) return failed(wanted.path);
  if (::unlink(before.c_str()) != 0) return failed(before);
  return {};
}

Result<void> make_directory(const std::string& path) {
  for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
    const std::string part = path.substr(0, at);
    if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) return failed(part);
    if (at == std::string::npos) break;
  }
  if (!is_directory(path)) return Error(ErrorKind::invalid, path + ": no directory");
  return {};
}

}  // namespace postern::exchange
