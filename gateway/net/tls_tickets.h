// TLS 1.3 session tickets (RFC 8446 §4.6.1) sealed with keys derived from the certificate's private key and
// the day (HKDF, RFC 5869), so that all workers and nodes agree without talking, and nothing is stored.
//
// TLS 1.2 gets none: there a ticket carries the session's master secret, so whoever steals the private key
// later could read recorded sessions. A TLS 1.3 ticket only authenticates a fresh key exchange.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <cstdint>

#include "gateway/base/secret.h"

namespace postern {

struct TicketKey {
  std::array<unsigned char, 16> name{};
  std::array<unsigned char, 32> cipher{};
  std::array<unsigned char, 32> mac{};
  friend bool operator==(const TicketKey&, const TicketKey&) = default;
};

class TicketKeys {
 public:
  explicit TicketKeys(EVP_PKEY* private_key);

  bool usable() const { return !root_.empty(); }  // false: the key cannot be exported, so no tickets
  TicketKey of_day(std::int64_t day) const;       // days since 1970

  // The body of OpenSSL's ticket callback: 1, or 2 (opened; give the client a newer one), 0 (no ticket), -1.
  int seal(unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac);
  int open(const unsigned char* name, const unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac);

 private:
  void advance();

  Secret root_;
  std::int64_t today_ = -1;
  // Today's, yesterday's, and tomorrow's for a node whose clock is ahead of ours at midnight.
  std::array<TicketKey, 3> keys_;
};

}  // namespace postern
