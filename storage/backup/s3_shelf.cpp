#include "storage/backup/s3_shelf.h"

#include <openssl/evp.h>

#include "config/secret_file.h"
#include "gateway/base/text.h"
#include "storage/backup/pack.h"
#include "storage/backup/s3_listing.h"

namespace postern::backup {

namespace {

Error refused(const std::string& what, const S3Answer& answer) {
  const std::string code = s3_error_code(answer.text);
  const std::string detail =
      what + ": the store answers " + std::to_string(answer.status) + (code.empty() ? "" : " " + code);
  if (answer.status == 404 && code != "NoSuchBucket") return Error(ErrorKind::not_found, detail);
  if (answer.status == 401 || answer.status == 403) return Error(ErrorKind::denied, detail);
  return Error(ErrorKind::unavailable, detail);
}

Result<std::string> digest_of(SpoolFile& file) {
  constexpr std::size_t kPieceOctets = 256 * 1024;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  for (std::uint64_t at = 0; at < file.size();) {
    TRY(const std::string piece, file.read(at, kPieceOctets));
    EVP_DigestUpdate(context.get(), piece.data(), piece.size());
    at += piece.size();
  }
  std::string digest(32, '\0');
  EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return text::hex(digest);
}

}  // namespace

class S3Shelf::Upload final : public ShelfFile {
 public:
  Upload(S3Shelf& shelf, std::string name, Replaces replaces, std::unique_ptr<SpoolFile> file)
      : shelf_(shelf), name_(std::move(name)), replaces_(replaces), file_(std::move(file)) {}

  Result<void> write(std::string_view octets) override { return file_->append(octets); }
  Result<void> finish() override {
    TRY(const std::string sha256, digest_of(*file_));
    return shelf_.put(name_, *file_, sha256, replaces_);
  }

 private:
  S3Shelf& shelf_;
  const std::string name_;
  const Replaces replaces_;
  const std::unique_ptr<SpoolFile> file_;
};

Result<std::shared_ptr<Shelf>> S3Shelf::open(const S3Settings& settings) {
  if (settings.bucket.empty()) return Error(ErrorKind::invalid, "the settings name no backup.s3.bucket");
  S3Client::Keys keys;
  auto access = read_secret(settings.access_key_file);
  if (!access) return Error(access.error().kind, "backup.s3.access_key_file " + access.error().detail);
  auto secret = read_secret(settings.secret_key_file);
  if (!secret) return Error(secret.error().kind, "backup.s3.secret_key_file " + secret.error().detail);
  keys.access = access->reveal();
  keys.secret = *std::move(secret);
  return std::shared_ptr<Shelf>(std::make_shared<S3Shelf>(settings, std::move(keys)));
}

S3Shelf::S3Shelf(S3Settings settings, S3Client::Keys keys)
    : settings_(std::move(settings)), client_(settings_, std::move(keys)) {}

S3Request S3Shelf::request(const char* method, const std::string& name) const {
  S3Request request;
  request.method = method;
  request.path = "/" + settings_.bucket + "/" + settings_.prefix + name;
  return request;
}

Result<Listed> S3Shelf::list(const std::string& folder) {
  Listed listed;
  const std::string prefix = settings_.prefix + (folder.empty() ? "" : folder + "/");
  std::string continuation;
  do {
    S3Request question = request("GET", "");
    question.path = "/" + settings_.bucket;
    if (!continuation.empty()) question.query = "continuation-token=" + percent_encoded(continuation) + "&";
    question.query += "delimiter=%2F&list-type=2&prefix=" + percent_encoded(prefix);
    TRY(const S3Answer answer, client_.ask(question));
    if (answer.status != 200) return refused("listing " + prefix, answer);
    TRY(S3Listing page, parse_s3_listing(answer.text));
    for (const std::string& key : page.keys) {
      if (key.starts_with(prefix) && key.size() > prefix.size())
        listed.files.push_back(key.substr(prefix.size()));
    }
    for (const std::string& one : page.prefixes) {
      if (one.starts_with(prefix) && one.ends_with('/'))
        listed.folders.push_back(one.substr(prefix.size(), one.size() - prefix.size() - 1));
    }
    continuation = std::move(page.continuation);
  } while (!continuation.empty());
  return listed;
}

Result<std::unique_ptr<FileOctets>> S3Shelf::open(const std::string& name) {
  TRY(std::unique_ptr<SpoolFile> file, SpoolFile::create());
  S3Request question = request("GET", name);
  question.into = file.get();
  TRY(S3Answer answer, client_.ask(question));
  if (answer.status == 200) return std::unique_ptr<FileOctets>(std::move(file));
  TRY(answer.text, file->read(0, kS3TextOctetsMax));
  return refused(name, answer);
}

Result<std::unique_ptr<ShelfFile>> S3Shelf::create(const std::string& name, Replaces replaces) {
  TRY(std::unique_ptr<SpoolFile> file, SpoolFile::create());
  return std::unique_ptr<ShelfFile>(std::make_unique<Upload>(*this, name, replaces, std::move(file)));
}

Result<void> S3Shelf::put(const std::string& name, SpoolFile& file, const std::string& sha256,
                          Replaces replaces) {
  S3Request question = request("PUT", name);
  question.body = &file;
  question.body_sha256 = sha256;
  if (replaces == Replaces::no) question.headers.push_back("If-None-Match: *");
  TRY(S3Answer answer, client_.ask(question));
  if (answer.status == 501 && replaces == Replaces::no) {
    question.headers.clear();
    TRY(answer, client_.ask(question));
  }
  if (answer.status == 200 || answer.status == 201 || answer.status == 204) return {};
  if (answer.status != 412) return refused(name, answer);
  // It may be ours: put by an attempt whose answer was lost.
  if (answer.in_doubt) {
    TRY(const std::unique_ptr<FileOctets> there, open(name));
    TRY(const std::string octets, there->read(0, static_cast<std::size_t>(there->size())));
    if (sha256_hex(octets) == sha256) return {};
  }
  return Error(ErrorKind::already_exists, name + " is there already");
}

Result<void> S3Shelf::remove(const std::string& name) {
  TRY(const S3Answer answer, client_.ask(request("DELETE", name)));
  const bool gone = answer.status == 200 || answer.status == 204 || answer.status == 404;
  if (!gone) return refused("deleting " + name, answer);
  return {};
}

}  // namespace postern::backup
