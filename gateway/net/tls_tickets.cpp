#include "gateway/net/tls_tickets.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <string>

namespace postern {

namespace {

bool start_mac(EVP_MAC_CTX* mac, TicketKey& key) {
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.mac.data(), key.mac.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end(),
  };
  return EVP_MAC_CTX_set_params(mac, params) == 1;
}

}  // namespace

TicketKeys::TicketKeys(EVP_PKEY* private_key) {
  const int octets = i2d_PrivateKey(private_key, nullptr);
  if (octets <= 0) return;
  std::string der(static_cast<std::size_t>(octets), '\0');
  auto* end = reinterpret_cast<unsigned char*>(der.data());
  i2d_PrivateKey(private_key, &end);
  root_ = Secret(std::move(der));
}

TicketKey TicketKeys::of_day(std::int64_t day) const {
  TicketKey key;
  std::array<unsigned char, sizeof key.name + sizeof key.cipher + sizeof key.mac> out{};
  std::string root(root_.reveal());
  std::string info = "day " + std::to_string(day);
  char digest[] = "SHA256";
  char salt[] = "postern session tickets";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, root.data(), root.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt, sizeof salt - 1),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end(),
  };
  EVP_KDF* hkdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  EVP_KDF_CTX* derivation = EVP_KDF_CTX_new(hkdf);
  const bool derived = EVP_KDF_derive(derivation, out.data(), out.size(), params) == 1;
  EVP_KDF_CTX_free(derivation);
  EVP_KDF_free(hkdf);
  OPENSSL_cleanse(root.data(), root.size());
  if (!derived) RAND_bytes(out.data(), out.size());  // tickets of nobody else's, rather than known ones
  auto* from = out.data();
  std::memcpy(key.name.data(), from, key.name.size());
  std::memcpy(key.cipher.data(), from += key.name.size(), key.cipher.size());
  std::memcpy(key.mac.data(), from += key.cipher.size(), key.mac.size());
  return key;
}

void TicketKeys::advance() {
  const std::int64_t day = std::time(nullptr) / 86400;
  if (day == today_) return;
  today_ = day;
  keys_ = {of_day(day), of_day(day - 1), of_day(day + 1)};
}

int TicketKeys::seal(unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) {
  if (!usable()) return 0;
  advance();
  TicketKey& key = keys_[0];
  std::memcpy(name, key.name.data(), key.name.size());
  if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1) return -1;
  if (EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv) != 1) return -1;
  return start_mac(mac, key) ? 1 : -1;
}

int TicketKeys::open(const unsigned char* name, const unsigned char* iv, EVP_CIPHER_CTX* cipher,
                     EVP_MAC_CTX* mac) {
  if (!usable()) return 0;
  advance();
  for (auto& key : keys_) {
    if (!std::equal(key.name.begin(), key.name.end(), name)) continue;
    if (EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv) != 1) return -1;
    if (!start_mac(mac, key)) return -1;
    return &key == &keys_[0] ? 1 : 2;
  }
  return 0;
}

}  // namespace postern
