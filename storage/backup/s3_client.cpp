#include "storage/backup/s3_client.h"

#include <curl/curl.h>

#include <thread>

namespace postern::backup {

namespace {

constexpr long kConnectSeconds = 10;
constexpr long kStalledSeconds = 30;  // without an octet either way
constexpr const char* kEmptySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// libcurl wants to be told once, before there are threads that use it.
void begin_curl() {
  static const CURLcode begun = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)begun;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

}  // namespace

struct S3Client::Attempt {
  std::unique_ptr<curl_slist, FreeList> headers;
  SpoolFile* body = nullptr;
  std::uint64_t body_at = 0;
  SpoolFile* into = nullptr;
  std::string text;
  bool failed = false;  // of our own: the disk, or too much text
  char reason[CURL_ERROR_SIZE] = "";

  void header(const std::string& line) { headers.reset(curl_slist_append(headers.release(), line.c_str())); }

  static std::size_t give(char* buffer, std::size_t size, std::size_t count, void* self) {
    auto& attempt = *static_cast<Attempt*>(self);
    const auto octets = attempt.body->read(attempt.body_at, size * count);
    if (!octets) return CURL_READFUNC_ABORT;
    octets->copy(buffer, octets->size());
    attempt.body_at += octets->size();
    return octets->size();
  }
  static std::size_t take(char* octets, std::size_t size, std::size_t count, void* self) {
    auto& attempt = *static_cast<Attempt*>(self);
    const std::string_view piece(octets, size * count);
    if (attempt.into != nullptr) {
      attempt.failed = !attempt.into->append(piece);
    } else if (attempt.text.size() + piece.size() <= kS3TextOctetsMax) {
      attempt.text += piece;
    } else {
      attempt.failed = true;
    }
    return attempt.failed ? 0 : piece.size();
  }
};

S3Client::S3Client(S3Settings settings, Keys keys)
    : settings_(std::move(settings)),
      keys_(std::move(keys)),
      signature_("aws:amz:" + settings_.region + ":s3"),
      handle_((begin_curl(), curl_easy_init())) {}

S3Client::~S3Client() {
  curl_easy_cleanup(handle_);
}

void S3Client::prepare(const S3Request& request, Attempt& attempt) {
  curl_easy_reset(handle_);  // connections stay
  const std::string url =
      settings_.endpoint + request.path + (request.query.empty() ? "" : "?" + request.query);
  const std::string secret(keys_.secret.reveal());
  attempt.header("x-amz-content-sha256: " + (request.body != nullptr ? request.body_sha256 : kEmptySha256));
  for (const std::string& header : request.headers) attempt.header(header);
  if (request.body != nullptr) {
    attempt.header("Content-Type: application/octet-stream");
    attempt.body = request.body;
    curl_easy_setopt(handle_, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
    curl_easy_setopt(handle_, CURLOPT_READFUNCTION, &Attempt::give);
    curl_easy_setopt(handle_, CURLOPT_READDATA, &attempt);
  }
  attempt.into = request.into;
  if (request.method == "HEAD") curl_easy_setopt(handle_, CURLOPT_NOBODY, 1L);
  curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle_, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "https,http");
  curl_easy_setopt(handle_, CURLOPT_AWS_SIGV4, signature_.c_str());
  curl_easy_setopt(handle_, CURLOPT_USERNAME, keys_.access.c_str());
  curl_easy_setopt(handle_, CURLOPT_PASSWORD, secret.c_str());
  curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, attempt.headers.get());
  curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &Attempt::take);
  curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &attempt);
  curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, attempt.reason);
  curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(handle_, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle_, CURLOPT_LOW_SPEED_TIME, kStalledSeconds);
  curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
  if (!settings_.ca_file.empty()) curl_easy_setopt(handle_, CURLOPT_CAINFO, settings_.ca_file.c_str());
}

Result<S3Answer> S3Client::ask(const S3Request& request) {
  const std::lock_guard lock(one_at_a_time_);
  std::string why = "no answer";
  bool in_doubt = false;
  Milliseconds pause = kPauseFirst;
  for (int number = 1; number <= kAttemptsMax; ++number) {
    if (number > 1) std::this_thread::sleep_for(std::exchange(pause, pause * 2));
    if (request.into != nullptr) TRY_VOID(request.into->clear());
    Attempt attempt;
    prepare(request, attempt);
    const CURLcode code = curl_easy_perform(handle_);
    if (attempt.failed) return Error(ErrorKind::unavailable, "the answer does not fit here");
    if (code != CURLE_OK) {
      why = *attempt.reason != '\0' ? attempt.reason : curl_easy_strerror(code);
      const bool never_sent = code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST;
      in_doubt = in_doubt || !never_sent;
      if (code == CURLE_PEER_FAILED_VERIFICATION) break;
      continue;
    }
    S3Answer answer;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &answer.status);
    const bool not_now = answer.status >= 500 || answer.status == 429;
    if (!not_now || answer.status == 501) {
      answer.text = std::move(attempt.text);
      answer.in_doubt = in_doubt;
      return answer;
    }
    why = "it answers " + std::to_string(answer.status);
    in_doubt = true;
  }
  return Error(ErrorKind::unavailable, settings_.endpoint + " is out of reach: " + why);
}

}  // namespace postern::backup
