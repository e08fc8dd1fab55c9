// Sealing: what is written to a repository, encrypted and authenticated under a key that only we hold. Pure.
//
//   header    "postern-sealed-1", key id (8 octets), salt (32 octets)
//   chunks    64 KiB of the file each, the last one shorter (or empty), each followed by its tag (16 octets):
//             AES-256-GCM under HKDF-SHA256(key, salt, "postern-sealed-1"); nonce: the chunk's number
//             (11 octets, the most significant first), then 1 for the last and 0 for all others; associated
//             data: the file's name
//
// So a file that is cut off, extended, reordered or put in another's place does not open, and a piece of it
// is read without the rest. docs/backup.md has the same for those who have only Python.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/base/secret.h"

typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX;

namespace postern::backup {

constexpr std::size_t kSealedChunkOctets = 64 * 1024;
constexpr std::size_t kSealTagOctets = 16;
constexpr std::size_t kSealHeaderOctets = 16 + 8 + 32;

class SealingKey {
 public:
  // 64 hexadecimal digits. invalid, else what read_secret says.
  static Result<SealingKey> read(const std::string& path);
  explicit SealingKey(Secret octets);  // 32
  // Tells keys apart and nothing about them: 16 hexadecimal digits.
  const std::string& id() const { return id_; }
  std::string_view octets() const { return octets_.reveal(); }

 private:
  Secret octets_;
  std::string id_;
};

// One file's seal. Chunks may come in any order.
class Seal {
 public:
  // A new one, with a salt of its own. internal: no random octets.
  static Result<Seal> make(const SealingKey& key, std::string name);
  // denied: sealed with another key, which the detail names; invalid: not sealed.
  static Result<Seal> open(const SealingKey& key, std::string name, std::string_view header);

  const std::string& header() const { return header_; }
  // At most kSealedChunkOctets; gives the tag with it.
  Result<std::string> close_chunk(std::uint64_t number, bool last, std::string_view plain) const;
  Result<std::string> open_chunk(std::uint64_t number, bool last, std::string_view sealed) const;  // invalid

 private:
  Seal(const SealingKey& key, std::string name, std::string header);

  std::string name_;
  std::string header_;
  Secret file_key_;
};

// How many octets a sealed file of that size holds. invalid: no such size.
Result<std::uint64_t> unsealed_size(std::uint64_t sealed_size);

}  // namespace postern::backup
