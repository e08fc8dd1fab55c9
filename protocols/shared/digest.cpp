#include "protocols/shared/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstdlib>

namespace postern {

namespace {
const unsigned char* raw(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}
unsigned char* raw(std::string& s) {
  return reinterpret_cast<unsigned char*>(s.data());
}
}  // namespace

std::string sha256(std::string_view octets) {
  std::string out(kSha256Octets, '\0');
  EVP_Digest(octets.data(), octets.size(), raw(out), nullptr, EVP_sha256(), nullptr);
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::string out(kSha256Octets, '\0');
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(text), text.size(), raw(out), &length);
  return out;
}

std::string hmac_sha1(std::string_view key, std::string_view text) {
  constexpr std::size_t kSha1Octets = 20;
  std::string out(kSha1Octets, '\0');
  unsigned length = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), raw(text), text.size(), raw(out), &length);
  return out;
}

std::string random_octets(std::size_t count) {
  std::string octets(count, '\0');
  if (RAND_bytes(raw(octets), static_cast<int>(count)) != 1) std::abort();
  return octets;
}

}  // namespace postern
