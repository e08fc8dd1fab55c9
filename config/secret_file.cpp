#include "config/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

namespace postern {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

// O_NONBLOCK: a pipe in place of a file must not hold the start up.
int open_to_read(const std::string& path) {
  return open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

std::string check_open_file(int descriptor, bool is_secret) {
  if (descriptor < 0) return std::string("cannot be read: ") + strerror(errno);
  struct stat status {};
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return "is not a file";
  if (is_secret && (status.st_mode & (S_IROTH | S_IWOTH)) != 0) {
    return "holds a secret and others may read or change it; chmod 600 or 640 it";
  }
  return "";
}

}  // namespace

std::string check_file(const std::string& path, bool is_secret) {
  const Descriptor file(open_to_read(path));
  return check_open_file(file.number(), is_secret);
}

Result<Secret> read_secret(const std::string& path) {
  const Descriptor file(open_to_read(path));
  std::string mistake = check_open_file(file.number(), true);
  if (!mistake.empty()) return Error(ErrorKind::denied, std::move(mistake));
  char octets[kSecretOctetsMax + 1];
  const ssize_t count = read(file.number(), octets, sizeof octets);
  if (count < 0) return Error(ErrorKind::unavailable, std::string("cannot be read: ") + strerror(errno));
  std::string_view content(octets, static_cast<std::size_t>(count));
  if (content.size() > kSecretOctetsMax) {
    explicit_bzero(octets, sizeof octets);
    return Error(ErrorKind::too_large, "is larger than " + std::to_string(kSecretOctetsMax) + " octets");
  }
  if (!content.empty() && content.back() == '\n') content.remove_suffix(1);
  if (!content.empty() && content.back() == '\r') content.remove_suffix(1);
  const bool empty = content.empty();
  Secret secret{std::string(content)};
  explicit_bzero(octets, sizeof octets);
  if (empty) return Error(ErrorKind::invalid, "is empty");
  return secret;
}

}  // namespace postern
