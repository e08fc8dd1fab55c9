// The file that says who serves a data directory. Its holder keeps a lock on it, which the kernel drops when
// the process ends, however it ends: a stale file or a number used again cannot be mistaken for a server.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "gateway/base/result.h"

namespace postern::cli {

class PidFile {
 public:
  struct Holder {
    pid_t pid = 0;
    std::string note;  // what the holder wrote
  };

  static std::string path_in(const std::string& data_directory);

  // already_exists: somebody holds it. unavailable: the file cannot be written.
  static Result<PidFile> take(const std::string& path);
  // Who holds it now, if anybody.
  static std::optional<Holder> holder(const std::string& path);

  // Left for whoever asks holder(): how to reach the embedded database, a URL, ….
  void note(const std::string& text);

  PidFile(PidFile&& other) noexcept;
  PidFile& operator=(PidFile&&) = delete;
  ~PidFile();  // lets go

 private:
  explicit PidFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace postern::cli
