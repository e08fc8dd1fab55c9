// Phones: what is known of a device that synchronises an account (MS-ASHTTP, MS-ASCMD Settings, MS-ASPROV),
// who may, and the ledgers of what it has been told. Protocol octets in a ledger are opaque here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "storage/model/ids.h"
#include "storage/model/uid_set.h"

namespace postern {

constexpr std::size_t kDeviceIdOctetsMax = 32;
constexpr std::size_t kDeviceTextOctetsMax = 256;  // of each text that a device says of itself; more is cut

// 1 to 32 letters and digits (MS-ASHTTP §2.2.1.1.1.1.3). invalid.
Result<void> check_device_id(std::string_view id);

struct DeviceKey {
  DeviceKey(AccountId a, std::string i) : account(a), id(std::move(i)) {}
  AccountId account{};
  std::string id;
  friend auto operator<=>(const DeviceKey&, const DeviceKey&) = default;
};

// What every request says.
struct DeviceSeen {
  DeviceSeen() = default;
  std::string type;
  std::string user_agent;
  std::string protocol_version;  // "16.1"
  std::string address;           // where it calls from
  std::string versions_offered;  // to it: kept if it is new
};

// What DeviceInformation says (MS-ASCMD §2.2.3.46). Texts; empty: not told.
struct DeviceInformation {
  DeviceInformation() = default;
  std::string model;
  std::string os;
  std::string friendly_name;
  std::string imei;
  std::string phone_number;
  friend bool operator==(const DeviceInformation&, const DeviceInformation&) = default;
};

enum class DeviceAccess : std::uint8_t { allowed, blocked, quarantined };
std::string_view name_of(DeviceAccess access);
std::optional<DeviceAccess> device_access_from(std::string_view name);

// Asked for, told to the device, done by it: Device's wipe_…_at say how far it is.
enum class DeviceWipe : std::uint8_t { none, full, account_only };

struct DevicePolicy {
  std::uint32_t key = 0;      // 0: not provisioned
  bool final = false;         // acknowledged; else the temporary key of the first phase
  std::uint32_t version = 0;  // of the policies that this key stands for
  friend bool operator==(const DevicePolicy&, const DevicePolicy&) = default;
};

// The Ping that an empty one repeats (MS-ASCMD §2.2.1.13).
struct DevicePing {
  DevicePing() = default;
  std::uint32_t interval_s = 0;  // 0: none yet
  std::string folders;           // the protocol's own octets
};

struct Device {
  explicit Device(DeviceKey k) : key(std::move(k)) {}
  DeviceKey key;
  WallTime asked_at{};  // when this was read, by the database's clock: orders requests over all nodes
  DeviceSeen seen;
  DeviceInformation information;
  WallTime first_seen{};
  WallTime last_seen{};                 // to ten minutes
  std::optional<DeviceAccess> decided;  // by an administrator, for this device
  std::optional<DeviceAccess> by_rule;  // of the first rule that fits
  DeviceWipe wipe = DeviceWipe::none;   // asked for
  std::string wipe_asked_by;
  std::optional<WallTime> wipe_asked_at;
  std::optional<WallTime> wipe_sent_at;  // the device has been told
  std::optional<WallTime> wiped_at;      // acknowledged by the device
  DevicePolicy policy;
  std::vector<std::string>
      policy_values;  // what its plan, domain and account say, "name=value"; the last counts
  std::optional<WallTime> traced_until;  // what it asks and hears is logged; a time to come
  DevicePing ping;
  std::string versions_told;  // what it believes is offered

  // `otherwise`: for devices that no rule fits.
  DeviceAccess access(DeviceAccess otherwise = DeviceAccess::allowed) const {
    return decided.value_or(by_rule.value_or(otherwise));
  }
  bool wipe_pending() const { return wipe != DeviceWipe::none && !wiped_at; }
};

// Where a policy's values are kept beside the settings; the account's word counts before the domain's, and
// that before the plan's.
enum class PolicyLevel : std::uint8_t { plan, domain, account };

// Who may synchronise without being asked. The domain's rules come before its tenant's, then by position.
enum class DeviceRuleField : std::uint8_t { type, user_agent, protocol_version, model, os };
struct DeviceRule {
  DeviceRule() = default;
  std::int64_t id = 0;                // given by the store
  std::optional<std::string> domain;  // absent: every domain of the tenant
  std::int32_t position = 0;
  DeviceRuleField field = DeviceRuleField::type;
  std::string pattern;  // the whole text, without case; '*' stands for anything
  DeviceAccess access = DeviceAccess::blocked;
};

// A mailbox's number, or a negative one for what is none (calendar, contacts …).
enum class CollectionId : std::int64_t {};

// What a device knows of a collection under one sync key.
struct SyncGeneration {
  SyncGeneration() = default;
  std::uint32_t key = 0;  // the number in its sync key
  ModSeq modseq{};        // changes up to here have been told
  UidSet told;            // the ids in the answer that gave this key
  // Adds of the client that were applied under it: its ClientId, our ServerId.
  std::vector<std::pair<std::string, std::string>> added;
  std::string options;  // the protocol's own octets: filter, body preferences, …
  friend bool operator==(const SyncGeneration&, const SyncGeneration&) = default;
};

struct KnownFolder {
  KnownFolder() = default;
  CollectionId id{};
  CollectionId parent{};  // 0: the top
  std::string name;
  friend bool operator==(const KnownFolder&, const KnownFolder&) = default;
};
struct FolderGeneration {
  FolderGeneration() = default;
  std::uint32_t key = 0;
  std::vector<KnownFolder> folders;
  friend bool operator==(const FolderGeneration&, const FolderGeneration&) = default;
};

// The newest answer and the one before: a client that has lost an answer asks again with the previous key.
template <class Generation>
struct Ledger {
  Ledger() = default;
  explicit Ledger(Generation c) : current(std::move(c)) {}
  Generation current;
  std::optional<Generation> previous;
  friend bool operator==(const Ledger&, const Ledger&) = default;
};
using SyncLedger = Ledger<SyncGeneration>;
using FolderLedger = Ledger<FolderGeneration>;

}  // namespace postern
