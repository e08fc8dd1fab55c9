// A small S3 server that checks signatures (tests/s3/server.mjs), on a port of its own, with one bucket.
// Needs node and what `npm ci` in tests/s3 has brought.
#pragma once

#include <string>

#include "config/settings.h"

namespace postern::tests {

class S3Server {
 public:
  // `directory`: where it keeps its objects, and where the files with the keys are put.
  explicit S3Server(std::string directory);
  ~S3Server();
  S3Server(const S3Server&) = delete;
  S3Server& operator=(const S3Server&) = delete;

  static bool is_installed();
  void start();  // at the same port as before
  void stop();
  S3Settings settings() const;

 private:
  const std::string directory_;
  int port_ = 0;
  int process_ = -1;
};

}  // namespace postern::tests
