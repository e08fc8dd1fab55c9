// Provision: a device fetches its policy under a temporary key and acknowledges it for the final one; or
// hears that it must wipe itself, and says that it has. MS-ASPROV sections 3.2.5.1.1 and 3.2.5.1.2.
#include "protocols/activesync/schema/provision.h"
#include "protocols/activesync/commands/run.h"
#include "protocols/activesync/policy.h"
#include "protocols/shared/digest.h"
#include "storage/devices.h"

namespace postern::activesync {

namespace {

// Of chance, so that no device guesses another's; never 0, which stands for "none".
std::uint32_t new_policy_key(std::uint32_t before) {
  std::uint32_t key = before;
  while (key == before || key == 0) {
    key = 0;
    for (const char octet : random_octets(4)) key = key << 8 | static_cast<unsigned char>(octet);
  }
  return key;
}

class ProvisionRun {
 public:
  explicit ProvisionRun(Conversation& conversation) : conversation_(conversation) {}

  Task<Result<void>> all(std::optional<Document> document) {
    Parsed<ProvisionRequest> read(ProvisionStatus::protocol_error);
    if (document) read = read_provision(document->root());
    if (device().wipe_pending()) {
      ProvisionRequest request;  // a device that has been told of a wipe may ask with nothing at all
      if (read) request = std::move(*read);
      co_return co_await wipe(std::move(request));
    }
    if (!read) co_return co_await tell(read.refusal());
    ProvisionRequest request = std::move(*read);
    // What was asked for has been taken back, or is done.
    if (!request.policy) co_return co_await tell(ProvisionStatus::ok);
    response_.policy.emplace();
    response_.policy->type = request.policy->type;
    if (request.policy->type != kPolicyType) co_return co_await tell_policy(PolicyStatus::unknown_type);
    if (request.policy->applied) co_return co_await acknowledge(*std::move(request.policy));
    co_return co_await hand_out(std::move(request.device_information));
  }

 private:
  const Device& device() const { return conversation_.device; }
  bool is_stored() const { return conversation_.request.device_id != kValidatingDevice; }

  Task<Result<void>> tell(Status status) {
    response_.status = status;
    std::string wbxml;
    write(wbxml, response_, conversation_.request.version);
    co_return co_await answer(conversation_, status, std::move(wbxml));
  }
  // Nothing but the status: the level of compliance, or what is missing, is the whole command's.
  Task<Result<void>> refuse_all(Status status) {
    response_.policy.reset();
    co_return co_await tell(status);
  }
  Task<Result<void>> tell_policy(PolicyStatus status) {
    response_.policy->status = status;
    co_return co_await tell(ProvisionStatus::ok);
  }

  // stale: another request of the device was faster. It asks again.
  Task<Result<bool>> store(DevicePolicy policy) {
    if (!is_stored()) co_return true;
    auto stored =
        co_await conversation_.store().devices().set_policy(device().key, device().policy.key, policy);
    const bool stale = !stored && stored.error().kind == ErrorKind::stale;
    if (!stored && !stale) co_return std::move(stored).error();
    co_return !stale;
  }

  Task<Result<void>> hand_out(std::optional<DeviceInformation> information) {
    const bool must_tell = conversation_.request.version >= ProtocolVersion::v14_1;
    const bool told = information || device().information != DeviceInformation();
    if (must_tell && !told) co_return co_await refuse_all(CommonStatus::device_information_required);
    if (information) {
      const bool is_new = is_stored() && *information != device().information;
      if (is_new) {
        CO_TRY_VOID(co_await conversation_.store().devices().set_information(device().key, *information));
      }
      response_.device_information_status = ProvisionStatus::ok;
    }
    const PolicySettings settings = policy_settings_of(device(), conversation_.settings.activesync.policy);
    DevicePolicy temporary;
    temporary.key = new_policy_key(device().policy.key);
    temporary.version = policy_version(settings);
    CO_TRY(const bool stored, co_await store(temporary));
    if (!stored) co_return co_await refuse_all(ProvisionStatus::server_error);
    response_.policy->key = std::to_string(temporary.key);
    response_.policy->policy = policy_document(settings);
    co_return co_await tell_policy(PolicyStatus::ok);
  }

  Task<Result<void>> acknowledge(PolicyRequest request) {
    const DevicePolicy& temporary = device().policy;
    const bool right = !temporary.final && request.key == std::to_string(temporary.key);
    if (is_stored() && !right) co_return co_await tell_policy(PolicyStatus::wrong_key);
    const PolicySettings settings = policy_settings_of(device(), conversation_.settings.activesync.policy);
    if (!settings.partly_allowed && request.applied != PolicyApplied::fully) {
      const bool elsewhere = request.applied == PolicyApplied::by_third_party;
      const Status status =
          elsewhere ? CommonStatus::externally_managed : CommonStatus::device_not_fully_provisionable;
      co_return co_await refuse_all(status);
    }
    // If the policy has changed meanwhile, the next command hears of it.
    DevicePolicy agreed;
    agreed.key = new_policy_key(temporary.key);
    agreed.final = true;
    agreed.version = temporary.version;
    CO_TRY(const bool stored, co_await store(agreed));
    if (!stored) co_return co_await refuse_all(ProvisionStatus::server_error);
    response_.policy->key = std::to_string(agreed.key);
    co_return co_await tell_policy(PolicyStatus::ok);
  }

  // The directive, until the device says that it has done what it says.
  Task<Result<void>> wipe(ProvisionRequest request) {
    const bool account_only = device().wipe == DeviceWipe::account_only;
    const auto result = account_only ? request.account_only_remote_wipe : request.remote_wipe;
    if (result == WipeResult::done) {
      auto noted = co_await conversation_.store().devices().acknowledge_wipe(device().key);
      const bool taken_back = !noted && noted.error().kind == ErrorKind::stale;
      if (!noted && !taken_back) co_return noted;
      log("done");
      co_return co_await tell(ProvisionStatus::ok);
    }
    if (!device().wipe_sent_at) {
      auto noted = co_await conversation_.store().devices().note_wipe_sent(device().key);
      const bool taken_back = !noted && noted.error().kind == ErrorKind::stale;
      if (taken_back) co_return co_await tell(ProvisionStatus::server_error);
      if (!noted) co_return noted;
    }
    log(result ? "failed" : "sent");
    response_.remote_wipe = !account_only;
    response_.account_only_remote_wipe = account_only;
    const Status status = result ? ProvisionStatus::protocol_error : ProvisionStatus::ok;
    co_return co_await tell(status);
  }

  void log(std::string_view state) const {
    conversation_.services.log.event(Level::warning, "activesync.wipe",
                                     {{"session", conversation_.exchange.session()},
                                      {"account", raw(conversation_.account.id)},
                                      {"device", device().key.id},
                                      {"account_only", device().wipe == DeviceWipe::account_only},
                                      {"state", state}});
  }

  Conversation& conversation_;
  ProvisionResponse response_;
};

}  // namespace

Task<Result<void>> run_provision(Conversation& conversation, std::optional<Document> document) {
  ProvisionRun run(conversation);
  co_return co_await run.all(std::move(document));
}

}  // namespace postern::activesync
