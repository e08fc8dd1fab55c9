#include "storage/postgres/devices.h"

#include "storage/postgres/device_rows.h"
#include "storage/postgres/mailboxes_create.h"
#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

constexpr Statement kFind{"find_device", "SELECT " POSTERN_DEVICE_COLUMNS R"sql(
   FROM device_records WHERE account_id = $1::bigint AND device_id = $2::text)sql"};

constexpr Statement kSeen{"see_device", R"sql(
 INSERT INTO devices (account_id, device_id, type, user_agent, protocol_version, last_address, versions_told)
 SELECT $1::bigint, $2::text, $3::text, $4::text, $5::text, $6::text, $8::text
  WHERE EXISTS (SELECT FROM devices WHERE account_id = $1::bigint AND device_id = $2::text)
     OR (SELECT count(*) FROM devices WHERE account_id = $1::bigint) < $7::bigint
 ON CONFLICT (account_id, device_id) DO UPDATE
    SET type = excluded.type, user_agent = excluded.user_agent,
        protocol_version = excluded.protocol_version, last_address = excluded.last_address,
        last_seen = now())sql"};

constexpr Statement kSetInformation{"set_device_information", R"sql(
 UPDATE devices
    SET model = $3::text, os = $4::text, friendly_name = $5::text, imei = $6::text, phone_number = $7::text
  WHERE account_id = $1::bigint AND device_id = $2::text)sql"};

constexpr Statement kSetPolicy{"set_device_policy", R"sql(
 UPDATE devices SET policy_key = $4::bigint, policy_final = $5::boolean, policy_version = $6::bigint
  WHERE account_id = $1::bigint AND device_id = $2::text AND policy_key = $3::bigint)sql"};

constexpr Statement kSetVersionsTold{"set_device_versions_told", R"sql(
 UPDATE devices SET versions_told = $3::text WHERE account_id = $1::bigint AND device_id = $2::text)sql"};

constexpr Statement kSetPing{"set_device_ping", R"sql(
 UPDATE devices SET ping_interval_s = $3::bigint, ping_folders = $4::bytea
  WHERE account_id = $1::bigint AND device_id = $2::text)sql"};

constexpr Statement kWipeSent{"device_wipe_sent", R"sql(
 UPDATE devices SET wipe_sent_at = coalesce(wipe_sent_at, now())
  WHERE account_id = $1::bigint AND device_id = $2::text AND wipe <> 0)sql"};

constexpr Statement kWiped{"acknowledge_device_wipe", R"sql(
 UPDATE devices SET wiped_at = coalesce(wiped_at, now()), policy_key = 0, policy_final = false
  WHERE account_id = $1::bigint AND device_id = $2::text AND wipe <> 0)sql"};

bool same(const DeviceSeen& a, const DeviceSeen& b) {
  return a.type == b.type && a.user_agent == b.user_agent && a.protocol_version == b.protocol_version &&
         a.address == b.address;
}

}  // namespace

Task<Result<Device>> PostgresDevices::find(DeviceKey key) {
  Params params(key.account, key.id);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kFind, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such device");
  co_return device_from_row(rows[0]);
}

Task<Result<Device>> PostgresDevices::open(DeviceKey key, DeviceSeen seen, std::uint32_t devices_max) {
  CO_TRY_VOID(check_device_id(key.id));
  for (std::string* text :
       {&seen.type, &seen.user_agent, &seen.protocol_version, &seen.address, &seen.versions_offered}) {
    *text = device_text(*text);
  }
  Params known(key.account, key.id);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kFind, std::move(known)));
  if (!rows.empty() && rows[0].get<bool>(kSeenLately)) {
    Device device = device_from_row(rows[0]);
    if (same(device.seen, seen)) co_return device;
  }
  // The account's lock: of two new devices at the bound one is refused.
  std::vector<Query> queries;
  queries.emplace_back(kLockUsage, Params(key.account));
  queries.emplace_back(kSeen, Params(key.account, key.id, seen.type, seen.user_agent, seen.protocol_version,
                                     seen.address, devices_max, seen.versions_offered));
  queries.emplace_back(kFind, Params(key.account, key.id));
  CO_TRY(std::vector<Rows> results, co_await batch_repeatable(database_, Lane::write, std::move(queries)));
  if (results[0].empty()) co_return Error(ErrorKind::not_found, "no such account");
  if (results[2].empty()) co_return Error(ErrorKind::too_large, "too many devices");
  co_return device_from_row(results[2][0]);
}

Task<Result<void>> PostgresDevices::change(const Statement& statement, Params params) {
  CO_TRY(const Rows rows, co_await query_repeatable(database_, Lane::write, statement, std::move(params)));
  if (rows.affected() == 0) co_return Error(ErrorKind::not_found, "no such device");
  co_return Result<void>();
}

Task<Result<void>> PostgresDevices::set_information(DeviceKey key, DeviceInformation information) {
  Params params(key.account, key.id, device_text(information.model), device_text(information.os),
                device_text(information.friendly_name), device_text(information.imei),
                device_text(information.phone_number));
  co_return co_await change(kSetInformation, std::move(params));
}

Task<Result<void>> PostgresDevices::set_policy(DeviceKey key, std::uint32_t expected_key,
                                               DevicePolicy policy) {
  Params params(key.account, key.id, expected_key, policy.key, policy.final, policy.version);
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kSetPolicy, std::move(params)));
  if (rows.affected() == 0) co_return Error(ErrorKind::stale, "another policy key");
  co_return Result<void>();
}

Task<Result<void>> PostgresDevices::set_versions_told(DeviceKey key, std::string versions) {
  Params params(key.account, key.id, device_text(versions));
  co_return co_await change(kSetVersionsTold, std::move(params));
}

Task<Result<void>> PostgresDevices::set_ping(DeviceKey key, DevicePing ping) {
  const Bytes folders{ping.folders};
  Params params(key.account, key.id, ping.interval_s, folders);
  co_return co_await change(kSetPing, std::move(params));
}

Task<Result<void>> PostgresDevices::change_wipe(const Statement& statement, DeviceKey key) {
  Params params(key.account, key.id);
  auto changed = co_await change(statement, std::move(params));
  const bool nothing = !changed && changed.error().kind == ErrorKind::not_found;
  if (nothing) co_return Error(ErrorKind::stale, "no wipe was asked for");
  co_return changed;
}

Task<Result<void>> PostgresDevices::note_wipe_sent(DeviceKey key) {
  co_return co_await change_wipe(kWipeSent, std::move(key));
}

Task<Result<void>> PostgresDevices::acknowledge_wipe(DeviceKey key) {
  co_return co_await change_wipe(kWiped, std::move(key));
}

}  // namespace postern::postgres
