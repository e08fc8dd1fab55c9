// S3Client: requests to an S3-compatible store (Amazon's REST API of 2006-03-01), signed by libcurl
// (Signature Version 4). What fails for a while is tried again with growing pauses. Blocking: belongs off the
// loop; one request at a time.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config/settings.h"
#include "gateway/base/clock.h"
#include "gateway/base/secret.h"
#include "storage/backup/spool_file.h"

typedef void CURL;

namespace postern::backup {

struct S3Request {
  std::string method = "GET";
  std::string path;                  // "/bucket/key": of letters, digits and -_./ only
  std::string query;                 // encoded, its fields in the order of their names
  std::vector<std::string> headers;  // "If-None-Match: *"
  SpoolFile* body = nullptr;         // of a PUT
  std::string body_sha256;           // hexadecimal
  SpoolFile* into = nullptr;         // where the answer goes; else S3Answer::text
};

struct S3Answer {
  long status = 0;
  std::string text;       // at most kS3TextOctetsMax
  bool in_doubt = false;  // an earlier attempt may have been carried out, though its answer was lost
};
constexpr std::size_t kS3TextOctetsMax = 8 * 1024 * 1024;

class S3Client {
 public:
  struct Keys {
    std::string access;
    Secret secret;
  };
  S3Client(S3Settings settings, Keys keys);
  ~S3Client();
  S3Client(const S3Client&) = delete;
  S3Client& operator=(const S3Client&) = delete;

  // Any answer below 500 but 429. unavailable: none after kAttemptsMax, with the last reason.
  Result<S3Answer> ask(const S3Request& request);

  static constexpr int kAttemptsMax = 5;
  static constexpr Milliseconds kPauseFirst{200};  // doubled from attempt to attempt

 private:
  struct Attempt;
  void prepare(const S3Request& request, Attempt& attempt);

  const S3Settings settings_;
  const Keys keys_;
  const std::string signature_;  // libcurl's word for how to sign
  std::mutex one_at_a_time_;
  CURL* const handle_;
};

}  // namespace postern::backup
