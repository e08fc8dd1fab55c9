// postern device: the phones of an account, whether they may, and what becomes of them.
#include <fmt/chrono.h>

#include "gateway/cli/command_line.h"
#include "gateway/cli/device_json.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples =
    R"(  postern device list joe@example.org
  postern device show joe@example.org ApplDNQXJ0EAG5VM
  postern device block joe@example.org ApplDNQXJ0EAG5VM        also allow, quarantine
  postern device reset joe@example.org ApplDNQXJ0EAG5VM        as the rules say again
  postern device wipe joe@example.org ApplDNQXJ0EAG5VM         the mail account on it
  postern device wipe --everything joe@example.org ApplDNQXJ0EAG5VM
  postern device wipe --take-back joe@example.org ApplDNQXJ0EAG5VM
  postern device trace --minutes 30 joe@example.org ApplDNQXJ0EAG5VM
  postern device remove joe@example.org ApplDNQXJ0EAG5VM       it may come again, and starts anew
)";

struct DeviceOptions {
  std::string address;
  std::string id;
  bool everything = false;
  bool take_back = false;
  std::uint32_t minutes = 60;
};
using Options = const DeviceOptions&;

Task<Result<DeviceKey>> key_of(StoreSession& session, Options options) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  co_return DeviceKey(account.id, options.id);
}

Task<Result<void>> list(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  CO_TRY(const std::vector<Device> devices, co_await session.store.devices().list(account.id));
  std::vector<Json> rows;
  for (const Device& device : devices)
    rows.push_back(device_row(device, session.settings.activesync.new_devices));
  const std::vector<std::string> columns{"device", "type", "model", "access", "wipe", "policy", "last_seen"};
  print_rows(format, columns, rows);
  co_return Result<void>();
}

Task<Result<void>> show(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(DeviceKey key, co_await key_of(session, options));
  CO_TRY(const Device device, co_await session.store.devices().find(std::move(key)));
  print_record(format, device_json(device, session.settings.activesync.new_devices));
  co_return Result<void>();
}

// Says what it is like now.
Task<Result<void>> tell(StoreSession& session, OutputFormat format, DeviceKey key, std::string sentence) {
  CO_TRY(const Device device, co_await session.store.devices().find(std::move(key)));
  print_done(format, sentence, device_json(device, session.settings.activesync.new_devices));
  co_return Result<void>();
}

Task<Result<void>> decide(StoreSession& session, OutputFormat format, Options options,
                          std::optional<DeviceAccess> access) {
  CO_TRY(DeviceKey key, co_await key_of(session, options));
  CO_TRY_VOID(co_await session.store.devices().decide(key, access));
  std::string sentence = "Device " + options.id;
  sentence += access ? " is " + std::string(name_of(*access)) + "." : " follows the rules again.";
  co_return co_await tell(session, format, std::move(key), std::move(sentence));
}

Task<Result<void>> wipe(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(DeviceKey key, co_await key_of(session, options));
  DeviceWipe what = options.everything ? DeviceWipe::full : DeviceWipe::account_only;
  std::string sentence = options.everything ? " is told to erase everything at its next request."
                                            : " is told to give up the account at its next request.";
  if (options.take_back) {
    what = DeviceWipe::none;
    sentence = " is not told to wipe itself any more, and may come again.";
  }
  CO_TRY_VOID(co_await session.store.devices().request_wipe(key, what, "command line"));
  co_return co_await tell(session, format, std::move(key), "Device " + options.id + sentence);
}

Task<Result<void>> trace(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(DeviceKey key, co_await key_of(session, options));
  const std::chrono::minutes span(options.minutes);
  CO_TRY_VOID(co_await session.store.devices().trace(key, span));
  std::string sentence = "Device " + options.id + " is not traced.";
  if (options.minutes > 0) {
    sentence =
        fmt::format("What device {} asks and hears is logged for {} minutes.", options.id, options.minutes);
  }
  co_return co_await tell(session, format, std::move(key), std::move(sentence));
}

Task<Result<void>> remove(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(DeviceKey key, co_await key_of(session, options));
  CO_TRY_VOID(co_await session.store.devices().remove(std::move(key)));
  Json record;
  record["removed"] = options.id;
  print_done(format, "Device " + options.id + " is removed.", record);
  co_return Result<void>();
}

}  // namespace

void add_device(CommandLine& line) {
  const auto options = std::make_shared<DeviceOptions>();
  CLI::App& noun = line.noun("device", "Phones that synchronise", kExamples);
  using Action = std::function<Task<Result<void>>(StoreSession&, OutputFormat, Options)>;
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    CLI::App& made = line.verb(
        noun, name, description, [options, action = std::move(action)](const CommonOptions& common) {
          return with_store(common,
                            [&](StoreSession& session) { return action(session, common.output, *options); });
        });
    made.add_option("account", options->address, "local@domain")->required();
    return made;
  };
  const auto verb_on_device = [&](const char* name, const char* description, Action action) -> CLI::App& {
    CLI::App& made = verb(name, description, std::move(action));
    made.add_option("device", options->id, "Its id, as `list` shows it")->required();
    return made;
  };
  const auto to_access = [](std::optional<DeviceAccess> access) {
    return [access](StoreSession& session, OutputFormat format, Options given) {
      return decide(session, format, given, access);
    };
  };
  verb("list", "Devices of an account", list);
  verb_on_device("show", "One device", show);
  verb_on_device("allow", "Let it in, whatever the rules say", to_access(DeviceAccess::allowed));
  verb_on_device("block", "Keep it out", to_access(DeviceAccess::blocked));
  verb_on_device("quarantine", "Keep it out until somebody has looked at it",
                 to_access(DeviceAccess::quarantined));
  verb_on_device("reset", "Let the rules decide", to_access(std::nullopt));
  CLI::App& wiping = verb_on_device("wipe", "Have it give up the account", wipe);
  auto* everything = wiping.add_flag("--everything", options->everything, "All that is on it instead");
  wiping.add_flag("--take-back", options->take_back, "Not any more; also admits one that has been wiped")
      ->excludes(everything);
  verb_on_device("trace", "Log what it asks and hears, without texts and names", trace)
      .add_option("--minutes", options->minutes, "For so long, at most a day; 0: not any more")
      ->check(CLI::Range(0, 1440));
  verb_on_device("remove", "Forget it", remove);
}

}  // namespace postern::cli
