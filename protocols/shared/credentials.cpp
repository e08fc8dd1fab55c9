#include "protocols/shared/credentials.h"

#include <crypt.h>
#include <openssl/evp.h>
#include <string.h>

#include <utf8proc.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "gateway/base/text.h"
#include "protocols/shared/digest.h"

namespace postern {

namespace {

constexpr int kScramIterations =
    4096;  // RFC 7677 §4's least; the verifier travels only with a stolen database
constexpr int kScramIterationsMax = 200'000;
constexpr unsigned long kShaCryptRoundsMax = 1'000'000;
constexpr std::uint64_t kBcryptCostMax = 14;

// crypt_data is 32 KiB: on the heap, since workers have small stacks.
std::optional<std::string> crypt_hash(const std::string& phrase, const std::string& setting) {
  auto data = std::make_unique<struct crypt_data>();
  const char* hash = crypt_r(phrase.c_str(), setting.c_str(), data.get());
  if (hash == nullptr || hash[0] == '*') return std::nullopt;
  return std::string(hash);
}

// SASLprep's heart (RFC 4013 §2): clients send the NFKC form of a password that is not ASCII.
std::string prepared(std::string_view phrase) {
  if (text::is_ascii(phrase) || !text::is_utf8(phrase)) return std::string(phrase);
  utf8proc_uint8_t* composed = nullptr;
  const auto length = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(phrase.data()), static_cast<utf8proc_ssize_t>(phrase.size()),
      &composed, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
  if (length < 0) return std::string(phrase);
  std::string out(reinterpret_cast<const char*>(composed), static_cast<std::size_t>(length));
  explicit_bzero(composed, static_cast<std::size_t>(length));
  std::free(composed);  // NOLINT: utf8proc allocates with malloc
  return out;
}

// A stored hash may have been imported with a cost that would keep a worker busy for minutes.
bool affordable(const std::string& hash) {
  const std::string_view h = hash;
  if (h.starts_with("$2a$") || h.starts_with("$2b$") || h.starts_with("$2y$")) {
    const auto cost = h.size() > 6 ? text::number(h.substr(4, 2)) : std::nullopt;
    return cost && *cost >= 4 && *cost <= kBcryptCostMax;
  }
  if (h.starts_with("$5$") || h.starts_with("$6$")) {
    const std::string_view rest = h.substr(3);
    if (!rest.starts_with("rounds=")) return true;
    const auto rounds = text::number(rest.substr(7, rest.find('$') - 7));
    return rounds && *rounds <= kShaCryptRoundsMax;
  }
  // $y$j<N>T$: N is log2 of the memory in crypt's base 64: cost 1 makes '7', 5 '9', kYescryptCostMax 'C' (128
  // MiB).
  if (h.starts_with("$y$")) return h.size() > 6 && h[3] == 'j' && h[4] >= '7' && h[4] <= 'C';
  return false;
}

}  // namespace

Result<Credentials> make_credentials(const Secret& password, std::uint32_t yescrypt_cost) {
  const std::string phrase(password.reveal());
  if (phrase.empty()) return Error(ErrorKind::invalid, "an empty password");
  if (phrase.size() > kPasswordOctetsMax - 1) return Error(ErrorKind::invalid, "the password is too long");
  if (phrase.find('\0') != std::string::npos) return Error(ErrorKind::invalid, "the password contains NUL");
  if (yescrypt_cost > kYescryptCostMax) return Error(ErrorKind::invalid, "the yescrypt cost is too high");
  const std::string random = random_octets(16);
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  if (crypt_gensalt_rn("$y$", yescrypt_cost, random.data(), static_cast<int>(random.size()), setting.data(),
                       static_cast<int>(setting.size())) == nullptr) {
    return Error(ErrorKind::invalid, "this yescrypt cost is not supported");
  }
  auto hash = crypt_hash(phrase, setting.data());
  if (!hash) return Error(ErrorKind::internal, "crypt failed");
  return Credentials{*std::move(hash),
                     to_text(make_scram_sha256(password, random_octets(16), kScramIterations))};
}

Result<Credentials> import_credentials(const std::string& password_hash) {
  if (password_hash.size() > CRYPT_OUTPUT_SIZE || !affordable(password_hash)) {
    return Error(ErrorKind::invalid, "not a yescrypt, bcrypt or SHA-crypt hash of reasonable cost");
  }
  // Hashing anything with it as the setting shows whether libcrypt understands it.
  const auto trial = crypt_hash("x", password_hash);
  if (!trial || trial->size() != password_hash.size())
    return Error(ErrorKind::invalid, "a damaged password hash");
  return Credentials{password_hash, {}};
}

bool verify_password(const Secret& password, const std::string& password_hash) {
  const std::string phrase(password.reveal());
  if (phrase.size() >= kPasswordOctetsMax || phrase.find('\0') != std::string::npos) return false;
  if (!affordable(password_hash)) return false;
  const auto hash = crypt_hash(phrase, password_hash);
  return hash && text::equal_secrets(*hash, password_hash);
}

std::string to_text(const ScramSha256& keys) {
  return std::to_string(keys.iterations) + ':' + text::base64(keys.salt) + ':' +
         text::base64(keys.stored_key) + ':' + text::base64(keys.server_key);
}

std::optional<ScramSha256> scram_from_text(const std::string& encoded) {
  const auto fields = text::split(encoded, ':');
  if (fields.size() != 4) return std::nullopt;
  const auto iterations = text::number(fields[0], kScramIterationsMax);
  const auto salt = text::unbase64(fields[1]);
  const auto stored_key = text::unbase64(fields[2]);
  const auto server_key = text::unbase64(fields[3]);
  if (!iterations || *iterations == 0 || !salt || salt->empty()) return std::nullopt;
  if (!stored_key || stored_key->size() != kSha256Octets) return std::nullopt;
  if (!server_key || server_key->size() != kSha256Octets) return std::nullopt;
  return ScramSha256{static_cast<int>(*iterations), *salt, *stored_key, *server_key};
}

ScramSha256 make_scram_sha256(const Secret& password, std::string salt, int iterations) {
  const Secret phrase_secret(prepared(password.reveal()));
  const std::string_view phrase = phrase_secret.reveal();
  std::string salted(kSha256Octets, '\0');
  PKCS5_PBKDF2_HMAC(phrase.data(), static_cast<int>(phrase.size()),
                    reinterpret_cast<const unsigned char*>(salt.data()), static_cast<int>(salt.size()),
                    iterations, EVP_sha256(), static_cast<int>(salted.size()),
                    reinterpret_cast<unsigned char*>(salted.data()));
  ScramSha256 keys;
  keys.iterations = iterations;
  keys.salt = std::move(salt);
  keys.stored_key = sha256(hmac_sha256(salted, "Client Key"));
  keys.server_key = hmac_sha256(salted, "Server Key");
  return keys;
}

}  // namespace postern
