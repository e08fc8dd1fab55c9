// S3Shelf: a repository in a bucket of an S3-compatible store. A file is gathered on the local disk and put
// in one request, so it is there as a whole or not at all; what must not replace is put under a condition
// (stores that do not know conditions are believed: names of packs are random).
#pragma once

#include "storage/backup/s3_client.h"
#include "storage/backup/shelf.h"

namespace postern::backup {

class S3Shelf final : public Shelf {
 public:
  // invalid, denied: a key's file; the store itself is not asked yet.
  static Result<std::shared_ptr<Shelf>> open(const S3Settings& settings);
  S3Shelf(S3Settings settings, S3Client::Keys keys);

  // Besides Shelf's errors: denied: the store refuses us (its code is in the detail).
  Result<Listed> list(const std::string& folder) override;
  Result<std::unique_ptr<FileOctets>> open(const std::string& name) override;
  Result<std::unique_ptr<ShelfFile>> create(const std::string& name, Replaces replaces) override;
  Result<void> remove(const std::string& name) override;
  Result<std::uint64_t> sweep_unfinished() override { return std::uint64_t{0}; }  // there are none

 private:
  class Upload;
  S3Request request(const char* method, const std::string& name) const;
  Result<void> put(const std::string& name, SpoolFile& file, const std::string& sha256, Replaces replaces);

  const S3Settings settings_;
  S3Client client_;
};

}  // namespace postern::backup
