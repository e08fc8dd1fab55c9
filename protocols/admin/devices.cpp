// /devices, /accounts/{account}/devices and /me/devices
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"

namespace postern::admin {

namespace {

constexpr std::uint64_t kTraceMinutesMax = 1440;

struct DevicePath {
  DevicePath(std::string a, DeviceKey k) : address(std::move(a)), key(std::move(k)) {}
  std::string address;
  DeviceKey key;
};

DeviceAccess otherwise(const Call& call) {
  return device_access_from(call.settings.activesync.new_devices).value_or(DeviceAccess::allowed);
}

// Of one's own account, or of the one that the path names.
Task<Result<DevicePath>> path_of(const Call& call) {
  const bool own = call.who.owner.account.has_value();
  if (own) co_return DevicePath(call.who.name, DeviceKey(*call.who.owner.account, call.args.at(0)));
  CO_TRY(const AccountEntry entry, co_await call.store().listings().account(call.who.reach, call.arg(0)));
  const std::string device = call.args.size() > 1 ? call.arg(1) : std::string();
  co_return DevicePath(entry.address, DeviceKey(entry.id, device));
}

Task<Result<Answer>> answer_with(const Call& call, DevicePath path) {
  if (!check_device_id(path.key.id)) co_return not_found();
  CO_TRY(Device device, co_await call.store().devices().find(path.key));
  co_return Answer(200, device_json(DeviceEntry(path.address, std::move(device)), otherwise(call)));
}

Task<Result<Answer>> list_of_account(const Call& call, std::string address, AccountId account) {
  CO_TRY(const std::vector<Device> devices, co_await call.store().devices().list(account));
  co_return whole_list_of(devices, [&](const Device& device) {
    return device_json(DeviceEntry(address, device), otherwise(call));
  });
}

}  // namespace

Task<Result<Answer>> list_devices(Call& call) {
  Query query(call.exchange.head().query);
  DirectoryFilter filter;
  filter.tenant = query.tenant();
  filter.domain = query.domain();
  const PageRange range = query.page();
  if (auto refusal = query.refusal()) co_return *std::move(refusal);
  PageRange wanted = one_more(range);
  CO_TRY(const std::vector<DeviceEntry> entries,
         co_await call.store().listings().devices(call.who.reach, std::move(filter), std::move(wanted)));
  const auto to_json = [&](const DeviceEntry& entry) { return device_json(entry, otherwise(call)); };
  co_return list_of(entries, range, to_json,
                    [](const DeviceEntry& entry) { return entry.account + ' ' + entry.device.key.id; });
}

Task<Result<Answer>> list_account_devices(Call& call) {
  CO_TRY(const DevicePath path, co_await path_of(call));
  co_return co_await list_of_account(call, path.address, path.key.account);
}

Task<Result<Answer>> get_device(Call& call) {
  CO_TRY(DevicePath path, co_await path_of(call));
  co_return co_await answer_with(call, std::move(path));
}

Task<Result<Answer>> change_device(Call& call) {
  CO_TRY(DevicePath path, co_await path_of(call));
  CO_TRY_VOID(co_await call.store().devices().find(path.key));
  Fields fields(call.body);
  const auto minutes = fields.number("trace_minutes", 0, kTraceMinutesMax);
  const auto access = call.body.find("access");
  const bool named = access != call.body.end();
  const bool as_rules_say = named && access->is_null();
  std::optional<DeviceAccess> decided;
  if (named && !as_rules_say) {
    decided = device_access_from(fields.text("access").value_or(""));
    if (!decided) fields.wrong("access", "allowed, blocked, quarantined or null is wanted");
  } else {
    fields.ask("access");
  }
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  const auto acting = call.acting();
  if (named) CO_TRY_VOID(co_await acting->devices().decide(path.key, decided));
  if (minutes) {
    const Milliseconds span = std::chrono::minutes(*minutes);
    CO_TRY_VOID(co_await acting->devices().trace(path.key, span));
  }
  co_return co_await answer_with(call, std::move(path));
}

Task<Result<Answer>> forget_device(Call& call) {
  CO_TRY(const DevicePath path, co_await path_of(call));
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->devices().remove(path.key));
  co_return Answer(204);
}

Task<Result<Answer>> wipe_device(Call& call) {
  CO_TRY(DevicePath path, co_await path_of(call));
  CO_TRY_VOID(co_await call.store().devices().find(path.key));
  Fields fields(call.body);
  const std::string of = fields.need_text("of");
  if (of != "everything" && of != "account") fields.wrong("of", "everything or account is wanted");
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  const DeviceWipe wipe = of == "account" ? DeviceWipe::account_only : DeviceWipe::full;
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->devices().request_wipe(path.key, wipe, call.who.name));
  co_return co_await answer_with(call, std::move(path));
}

Task<Result<Answer>> cancel_wipe(Call& call) {
  CO_TRY(const DevicePath path, co_await path_of(call));
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->devices().request_wipe(path.key, DeviceWipe::none, call.who.name));
  co_return Answer(204);
}

Task<Result<Answer>> resync_device(Call& call) {
  CO_TRY(const DevicePath path, co_await path_of(call));
  CO_TRY_VOID(co_await call.store().devices().find(path.key));
  const auto acting = call.acting();
  std::vector<CollectionId> all;
  CO_TRY_VOID(co_await acting->devices().forget_ledgers(path.key, std::move(all)));
  co_return Answer(204);
}

Task<Result<Answer>> list_my_devices(Call& call) {
  co_return co_await list_of_account(call, call.who.name, *call.who.owner.account);
}
Task<Result<Answer>> forget_my_device(Call& call) {
  return forget_device(call);
}
Task<Result<Answer>> wipe_my_device(Call& call) {
  return wipe_device(call);
}
Task<Result<Answer>> cancel_my_wipe(Call& call) {
  return cancel_wipe(call);
}

}  // namespace postern::admin
