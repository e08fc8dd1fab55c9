#include "storage/backup/sealing.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "config/secret_file.h"
#include "gateway/base/text.h"

namespace postern::backup {

namespace {

constexpr std::string_view kMagic = "postern-sealed-1";
constexpr std::size_t kKeyOctets = 32;
constexpr std::size_t kKeyIdOctets = 8;
constexpr std::size_t kSaltOctets = 32;
constexpr std::size_t kNonceOctets = 12;

const unsigned char* bytes(std::string_view octets) {
  return reinterpret_cast<const unsigned char*>(octets.data());
}
unsigned char* bytes(std::string& octets) {
  return reinterpret_cast<unsigned char*>(octets.data());
}

std::string key_id(std::string_view key) {
  const std::string named = "postern key id" + std::string(key);
  std::string digest(32, '\0');
  EVP_Digest(named.data(), named.size(), bytes(digest), nullptr, EVP_sha256(), nullptr);
  return digest.substr(0, kKeyIdOctets);
}

// RFC 5869.
Secret derive(std::string_view key, std::string_view salt) {
  std::string derived(kKeyOctets, '\0');
  EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  EVP_KDF_CTX* context = EVP_KDF_CTX_new(kdf);
  char digest[] = "SHA256";
  std::string key_octets(key), salt_octets(salt), info(kMagic);
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key_octets.data(), key_octets.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt_octets.data(), salt_octets.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  EVP_KDF_derive(context, bytes(derived), derived.size(), params);
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(kdf);
  OPENSSL_cleanse(key_octets.data(), key_octets.size());
  return Secret(std::move(derived));
}

std::string nonce_of(std::uint64_t number, bool last) {
  std::string nonce(kNonceOctets, '\0');
  for (std::size_t i = 0; i < 8; ++i) nonce[10 - i] = static_cast<char>(number >> (8 * i));
  nonce[11] = last ? 1 : 0;
  return nonce;
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

}  // namespace

SealingKey::SealingKey(Secret octets)
    : octets_(std::move(octets)), id_(text::hex(key_id(octets_.reveal()))) {}

Result<SealingKey> SealingKey::read(const std::string& path) {
  auto secret = read_secret(path);
  if (!secret) return Error(secret.error().kind, path + " " + secret.error().detail);
  auto octets = text::unhex(secret->reveal());
  if (!octets || octets->size() != kKeyOctets)
    return Error(ErrorKind::invalid, path + " does not hold 64 hexadecimal digits");
  return SealingKey(Secret(*std::move(octets)));
}

Seal::Seal(const SealingKey& key, std::string name, std::string header)
    : name_(std::move(name)),
      header_(std::move(header)),
      file_key_(derive(key.octets(), std::string_view(header_).substr(kMagic.size() + kKeyIdOctets))) {}

Result<Seal> Seal::make(const SealingKey& key, std::string name) {
  std::string salt(kSaltOctets, '\0');
  if (RAND_bytes(bytes(salt), kSaltOctets) != 1) return Error(ErrorKind::internal, "no random octets");
  return Seal(key, std::move(name), std::string(kMagic) + *text::unhex(key.id()) + salt);
}

Result<Seal> Seal::open(const SealingKey& key, std::string name, std::string_view header) {
  const bool sealed = header.size() == kSealHeaderOctets && header.starts_with(kMagic);
  if (!sealed) return Error(ErrorKind::invalid, name + ": not encrypted, or torn");
  const std::string id = text::hex(header.substr(kMagic.size(), kKeyIdOctets));
  if (id != key.id())
    return Error(ErrorKind::denied, name + ": encrypted with the key " + id + ", and ours is " + key.id());
  return Seal(key, std::move(name), std::string(header));
}

Result<std::string> Seal::close_chunk(std::uint64_t number, bool last, std::string_view plain) const {
  const Cipher context(EVP_CIPHER_CTX_new());
  const std::string nonce = nonce_of(number, last);
  std::string sealed(plain.size() + kSealTagOctets, '\0');
  int count = 0;
  int unused = 0;
  const bool done =
      EVP_EncryptInit_ex2(context.get(), EVP_aes_256_gcm(), bytes(file_key_.reveal()), bytes(nonce),
                          nullptr) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &unused, bytes(name_), static_cast<int>(name_.size())) == 1 &&
      EVP_EncryptUpdate(context.get(), bytes(sealed), &count, bytes(plain), static_cast<int>(plain.size())) ==
          1 &&
      EVP_EncryptFinal_ex(context.get(), bytes(sealed) + count, &unused) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kSealTagOctets,
                          bytes(sealed) + plain.size()) == 1;
  if (!done) return Error(ErrorKind::internal, "the cipher fails");
  return sealed;
}

Result<std::string> Seal::open_chunk(std::uint64_t number, bool last, std::string_view sealed) const {
  const Error torn(ErrorKind::invalid, name_ + ": damaged, or not what was written under this name");
  if (sealed.size() < kSealTagOctets) return torn;
  const Cipher context(EVP_CIPHER_CTX_new());
  const std::string nonce = nonce_of(number, last);
  std::string tag(sealed.substr(sealed.size() - kSealTagOctets));
  sealed.remove_suffix(kSealTagOctets);
  std::string plain(sealed.size(), '\0');
  int count = 0;
  int unused = 0;
  const bool true_to_tag =
      EVP_DecryptInit_ex2(context.get(), EVP_aes_256_gcm(), bytes(file_key_.reveal()), bytes(nonce),
                          nullptr) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &unused, bytes(name_), static_cast<int>(name_.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), bytes(plain), &count, bytes(sealed),
                        static_cast<int>(sealed.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kSealTagOctets, bytes(tag)) == 1 &&
      EVP_DecryptFinal_ex(context.get(), bytes(plain) + count, &unused) == 1;
  if (!true_to_tag) return torn;
  return plain;
}

Result<std::uint64_t> unsealed_size(std::uint64_t sealed_size) {
  constexpr std::uint64_t kChunk = kSealedChunkOctets + kSealTagOctets;
  const Error none(ErrorKind::invalid, "torn");
  if (sealed_size < kSealHeaderOctets + kSealTagOctets) return none;
  const std::uint64_t body = sealed_size - kSealHeaderOctets;
  const std::uint64_t rest = body % kChunk;
  if (rest != 0 && rest < kSealTagOctets) return none;
  const std::uint64_t chunks = body / kChunk + (rest != 0 ? 1 : 0);
  return body - chunks * kSealTagOctets;
}

}  // namespace postern::backup
