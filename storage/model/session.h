// Who is connected: a session as its process tells it, and as an administrator sees it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "storage/model/account.h"

namespace postern {

// A log-in that was refused for its password or proof. Octets of a stranger, cut to their bounds.
struct FailedLogin {
  FailedLogin() = default;
  FailedLogin(std::string h, std::string u) : host(std::move(h)), user(std::move(u)) {}
  static constexpr std::size_t kHostOctetsMax = 64;
  static constexpr std::size_t kUserOctetsMax = 254;
  std::string host;  // the peer's address
  std::string user;  // as it was given
  friend bool operator==(const FailedLogin&, const FailedLogin&) = default;
};

// Of one process.
struct LiveSession {
  LiveSession() = default;
  std::uint64_t number = 0;  // the connection's, as in the log
  AccountId account{};
  Feature door = Feature::imap;
  std::string address;  // where it comes from
  std::string client;   // as it calls itself; often empty
  WallTime since{};
};

// What has changed in a process since it last told.
struct SessionReport {
  SessionReport() = default;
  std::string worker;  // names the process for ever
  std::string node;    // the machine's name
  std::int64_t process = 0;
  std::vector<LiveSession> begun;  // or has become another's, or has told its name
  std::vector<std::uint64_t> ended;
};

struct SessionOrders {
  SessionOrders() = default;
  std::vector<std::uint64_t> end;  // numbers
  bool tell_all = false;           // the process was unknown: it tells everything once more
};

struct SessionKey {
  std::int64_t worker = 0;
  std::uint64_t number = 0;
  friend bool operator==(const SessionKey&, const SessionKey&) = default;
};
std::string to_text(const SessionKey& key);                  // "17-4711"
Result<SessionKey> session_key_from(std::string_view text);  // invalid

struct SessionEntry {
  SessionEntry() = default;
  SessionKey key;
  std::string account;  // its address
  LiveSession session;
  std::string node;
  std::int64_t process = 0;
  bool ending = false;  // somebody has asked for it
};

// "address worker number": where the next page of a list begins.
std::string page_key_of(const SessionEntry& entry);

struct SessionFilter {
  SessionFilter() = default;
  std::optional<TenantId> tenant;
  std::optional<std::string> domain;
  std::optional<std::string> account;  // an address
  std::optional<Feature> door;
};

}  // namespace postern
