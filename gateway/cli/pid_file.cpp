#include "gateway/cli/pid_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace postern::cli {

namespace {

constexpr std::size_t kNoteOctetsMax = 4096;

struct flock whole_file(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

std::string PidFile::path_in(const std::string& data_directory) {
  return data_directory + "/postern.pid";
}

Result<PidFile> PidFile::take(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return Error(ErrorKind::unavailable, path + ": " + std::strerror(errno));
  PidFile file(descriptor);
  struct flock lock = whole_file(F_WRLCK);
  if (::fcntl(descriptor, F_SETLK, &lock) != 0) {
    const bool held = errno == EAGAIN || errno == EACCES;
    return Error(held ? ErrorKind::already_exists : ErrorKind::unavailable,
                 path + ": " + std::strerror(errno));
  }
  file.note("");
  return file;
}

std::optional<PidFile::Holder> PidFile::holder(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  std::optional<Holder> found;
  struct flock lock = whole_file(F_WRLCK);
  if (::fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) {
    found.emplace();
    found->pid = lock.l_pid;
    std::array<char, kNoteOctetsMax> text{};
    const ssize_t length = ::read(descriptor, text.data(), text.size());
    const std::string_view content(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    const auto line_end = content.find('\n');
    if (line_end != std::string_view::npos) found->note = content.substr(line_end + 1);
  }
  ::close(descriptor);
  return found;
}

void PidFile::note(const std::string& text) {
  const std::string content = std::to_string(::getpid()) + "\n" + text;
  // The lock is what counts; who cannot read the note falls back to the settings.
  if (::ftruncate(descriptor_, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = ::pwrite(descriptor_, content.data(), content.size(), 0);
}

PidFile::PidFile(PidFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

PidFile::~PidFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace postern::cli
