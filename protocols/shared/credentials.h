// Passwords and what is kept of them: crypt(5) hashes (yescrypt of our own; bcrypt, SHA-256-crypt,
// SHA-512-crypt when imported) and SCRAM-SHA-256 keys (RFC 5802 §3, RFC 7677). All of this blocks: run it
// in_worker.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gateway/base/result.h"
#include "gateway/base/secret.h"
#include "storage/model/account.h"

namespace postern {

constexpr std::size_t kPasswordOctetsMax = 512;  // libcrypt takes no more
constexpr std::uint32_t kYescryptCostMax = 8;    // 128 MiB and about 0.4 s a check

// yescrypt and SCRAM-SHA-256 keys. invalid: empty, too long, or with NUL.
Result<Credentials> make_credentials(const Secret& password, std::uint32_t yescrypt_cost);
// A crypt(5) hash brought along from elsewhere. invalid: not one of the methods above, or a cost beyond
// reason.
Result<Credentials> import_credentials(const std::string& password_hash);
// Constant time in the password. False for damaged hashes.
bool verify_password(const Secret& password, const std::string& password_hash);

struct ScramSha256 {
  int iterations = 4096;
  std::string salt, stored_key, server_key;
};
std::string to_text(const ScramSha256& keys);  // Credentials::scram_sha256
std::optional<ScramSha256> scram_from_text(const std::string& text);
ScramSha256 make_scram_sha256(const Secret& password, std::string salt, int iterations);

}  // namespace postern
