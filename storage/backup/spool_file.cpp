#include "storage/backup/spool_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace postern::backup {

namespace {

Error failed(const char* what) {
  return Error(ErrorKind::unavailable, std::string(what) + " a temporary file: " + std::strerror(errno));
}

}  // namespace

Result<std::unique_ptr<SpoolFile>> SpoolFile::create() {
  const char* directory = ::getenv("TMPDIR");
  std::string name = std::string(directory != nullptr ? directory : "/var/tmp") + "/postern-spool-XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) return failed("making");
  ::unlink(name.c_str());
  return std::unique_ptr<SpoolFile>(new SpoolFile(descriptor));
}

SpoolFile::~SpoolFile() {
  ::close(descriptor_);
}

Result<void> SpoolFile::append(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t count = ::pwrite(descriptor_, octets.data(), octets.size(), static_cast<off_t>(size_));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("writing");
    size_ += static_cast<std::uint64_t>(count);
    octets.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> SpoolFile::clear() {
  size_ = 0;
  if (::ftruncate(descriptor_, 0) != 0) return failed("emptying");
  return {};
}

Result<std::string> SpoolFile::read(std::uint64_t offset, std::size_t octets_max) {
  const std::uint64_t left = offset < size_ ? size_ - offset : 0;
  std::string octets(static_cast<std::size_t>(std::min<std::uint64_t>(left, octets_max)), '\0');
  std::size_t have = 0;
  while (have < octets.size()) {
    const ssize_t count =
        ::pread(descriptor_, octets.data() + have, octets.size() - have, static_cast<off_t>(offset + have));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failed("reading");
    have += static_cast<std::size_t>(count);
  }
  return octets;
}

}  // namespace postern::backup
