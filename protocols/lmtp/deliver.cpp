#include "protocols/lmtp/deliver.h"

#include <algorithm>
#include <map>
#include <set>

#include "gateway/async/task_scope.h"
#include "protocols/shared/conversation.h"
#include "storage/mime/part.h"

namespace postern::lmtp {

namespace {

using Outcomes = std::map<AccountId, Result<Appended>>;

void count(const Metrics& metrics, const Result<Appended>& outcome) {
  const auto result = [&outcome]() -> std::string_view {
    if (outcome) return outcome->duplicate ? "duplicate" : "stored";
    switch (outcome.error().kind) {
      case ErrorKind::over_quota: return "over_quota";
      case ErrorKind::not_found:
      case ErrorKind::denied:
      case ErrorKind::too_large: return "refused";
      default: return "deferred";
    }
  };
  metrics.add(Metric::deliveries, label_index(family_of(Metric::deliveries).first, result()));
}

// Where the account files the message's conversation; INBOX, too, if nobody can say.
Task<std::optional<MailboxId>> filed_in(Services services, AccountId account, const StagedMessage& message) {
  const auto structure = mime::decode(message.structure);
  if (!structure) co_return std::nullopt;
  const auto mailbox = co_await services.store.conversations().filed_in(account, conversation_id(*structure));
  if (!mailbox) co_return std::nullopt;
  co_return *mailbox;
}

Task<void> deliver_to(Services services, std::uint64_t session, const StagedMessage& message,
                      Delivery delivery, bool files, Outcomes& outcomes) {
  const AccountId account = delivery.account;
  if (files) delivery.mailbox = co_await filed_in(services, account, message);
  auto outcome = co_await services.store.messages().deliver(message, std::move(delivery));
  if (!outcome) {
    services.log.event(Level::warning, "lmtp.not_delivered",
                       {{"session", session},
                        {"account", raw(account)},
                        {"kind", name_of(outcome.error().kind)},
                        {"detail", outcome.error().detail}});
  }
  count(services.metrics, outcome);
  outcomes.insert_or_assign(account, std::move(outcome));
}

}  // namespace

std::string reply_to(const Result<Appended>& outcome, std::string_view over_quota_reply) {
  if (outcome) return "250 2.0.0 Delivered";
  switch (outcome.error().kind) {
    case ErrorKind::over_quota: return std::string(over_quota_reply);
    case ErrorKind::not_found: return "550 5.1.1 No such mailbox";
    case ErrorKind::denied: return "550 5.2.1 Mailbox disabled";
    case ErrorKind::too_large: return "552 5.3.4 Message too large";
    case ErrorKind::invalid:
    case ErrorKind::already_exists:
    case ErrorKind::stale:
    case ErrorKind::timed_out:
    case ErrorKind::closed:
    case ErrorKind::unavailable:
    case ErrorKind::internal: return "451 4.3.0 Cannot store the message now";
  }
  return "451 4.3.0 Cannot store the message now";
}

Task<std::string_view> over_quota_reply(Services services, AccountId account, std::string_view as_settings) {
  const auto when = co_await services.store.quotas().when_full(account);
  if (!when || *when == WhenFull::as_settings) co_return as_settings;
  co_return *when == WhenFull::defer ? kDeferredReply : kRejectedReply;
}

Task<Delivered> deliver(Services services, std::uint64_t session, const StagedMessage& message,
                        std::string reverse_path, std::vector<Accepted> recipients,
                        std::string_view as_settings) {
  const SteadyTime began = std::chrono::steady_clock::now();
  Outcomes outcomes;
  TaskScope deliveries(services.loop);
  for (const Accepted& recipient : recipients) {
    for (AccountId account : recipient.accounts) {
      const bool first = outcomes.emplace(account, Error(ErrorKind::unavailable, "under way")).second;
      if (!first) continue;
      Delivery delivery{account, reverse_path, recipient.address};
      const bool files = std::count(recipient.filing.begin(), recipient.filing.end(), account) > 0;
      deliveries.start(deliver_to(services, session, message, std::move(delivery), files, outcomes));
    }
  }
  co_await deliveries.drained();
  services.metrics.observe(Metric::delivery_seconds, began);

  Delivered delivered;
  std::set<AccountId> asked;
  for (const Accepted& recipient : recipients) {
    // One that failed makes the MTA try again; those that have the message recognise it (no duplicates).
    AccountId worst = recipient.accounts.front();
    for (AccountId account : recipient.accounts) {
      if (!outcomes.at(account)) worst = account;
    }
    const Result<Appended>& outcome = outcomes.at(worst);
    std::string_view when_full = as_settings;
    if (!outcome && outcome.error().kind == ErrorKind::over_quota) {
      when_full = co_await over_quota_reply(services, worst, as_settings);
    }
    delivered.replies.push_back(reply_to(outcome, when_full));
    for (AccountId account : recipient.absent) {
      const Result<Appended>& stored = outcomes.at(account);
      const bool is_new = stored && !stored->duplicate && asked.insert(account).second;
      if (is_new) delivered.absences.emplace_back(account, recipient.address);
    }
  }
  co_return delivered;
}

}  // namespace postern::lmtp
