#include "protocols/activesync/commands/mail_search.h"

#include <algorithm>
#include <span>
#include <utility>

#include "protocols/activesync/follow_up.h"
#include "protocols/shared/conversation.h"

namespace postern::activesync {

namespace {

// Asked between slices of a search.
class Patience {
 public:
  explicit Patience(Conversation& conversation)
      : exchange_(conversation.exchange),
        clock_(conversation.services.clock),
        until_(clock_.steady_now() + kSearchTimeMax) {}

  bool is_out() const { return exchange_.gone() || clock_.steady_now() >= until_; }
  Error error() const {
    if (exchange_.gone()) return Error(ErrorKind::closed, "the device has hung up");
    return Error(ErrorKind::timed_out, "the search takes too long");
  }

 private:
  http::Exchange& exchange_;
  const Clock& clock_;
  const SteadyTime until_;
};

bool is_newer(const FoundPlace& a, const FoundPlace& b) {
  if (a.received != b.received) return a.received > b.received;
  return raw(a.uid) > raw(b.uid);
}

UidSet of_vector(std::span<const Uid> uids) {
  UidSet set;
  for (const Uid uid : uids) set.add(uid);
  return set;
}

class FindRun {
 public:
  FindRun(Conversation& conversation, MailSearch search)
      : conversation_(conversation), search_(std::move(search)), patience_(conversation) {}

  Task<Result<FoundMail>> all() {
    for (const Mailbox& mailbox : search_.mailboxes) {
      SearchCriteria criteria = search_.criteria;
      auto cancelled = [this] { return patience_.is_out(); };
      auto uids = co_await messages().search(mailbox.key, std::move(criteria), std::move(cancelled));
      const bool gone = !uids && uids.error().kind == ErrorKind::not_found;
      if (gone) continue;
      if (!uids && patience_.is_out()) co_return patience_.error();
      if (!uids) co_return std::move(uids).error();
      CO_TRY_VOID(co_await take(mailbox, uids->to_vector()));
    }
    std::sort(found_.newest.begin(), found_.newest.end(), is_newer);
    found_.newest.resize(std::min(found_.newest.size(), kNewestMax));
    co_return std::move(found_);
  }

 private:
  MessageStore& messages() { return conversation_.store().messages(); }

  // In a mailbox what comes later has the higher UID; the dates of the highest decide among mailboxes.
  Task<Result<void>> take(const Mailbox& mailbox, std::vector<Uid> uids) {
    found_.total += uids.size();
    std::size_t end = uids.size();
    const std::size_t last = end - std::min(end, kNewestMax);
    while (end > last) {
      if (patience_.is_out()) co_return patience_.error();
      const std::size_t begin = end - std::min(end - last, MessageStore::kFactsMax);
      UidSet batch = of_vector(std::span(uids).subspan(begin, end - begin));
      CO_TRY(const std::vector<MessageFacts> facts,
             co_await messages().facts(mailbox.key, std::move(batch), FetchDepth::facts));
      for (const MessageFacts& one : facts) add(mailbox, one);
      end = begin;
    }
    co_return Result<void>();
  }

  void add(const Mailbox& mailbox, const MessageFacts& facts) {
    const bool too_old = search_.received_after && facts.internal_date <= *search_.received_after;
    const bool too_new = search_.received_before && facts.internal_date >= *search_.received_before;
    if (too_old || too_new) {
      --found_.total;
      return;
    }
    found_.newest.push_back(
        {mailbox.key, facts.uid, facts.internal_date, mailbox.special_use == SpecialUse::drafts});
  }

  Conversation& conversation_;
  const MailSearch search_;
  const Patience patience_;
  FoundMail found_;
};

}  // namespace

Task<Result<FoundMail>> find_mail(Conversation& conversation, MailSearch search) {
  FindRun run(conversation, std::move(search));
  co_return co_await run.all();
}

Task<Result<SearchCriteria>> find_conversation(Conversation& conversation, std::vector<Mailbox> mailboxes,
                                               std::string wanted_id) {
  const Patience patience(conversation);
  MessageStore& messages = conversation.store().messages();
  std::size_t looked_at = 0;
  for (const Mailbox& mailbox : mailboxes) {
    auto now = co_await messages.snapshot(mailbox.key);
    const bool gone = !now && now.error().kind == ErrorKind::not_found;
    if (gone) continue;
    if (!now) co_return std::move(now).error();
    const std::vector<Uid> uids = (*now)->uids().to_vector();
    for (std::size_t end = uids.size(); end > 0 && looked_at < kConversationScanMax;) {
      if (patience.is_out()) co_return patience.error();
      const std::size_t begin = end - std::min(end, MessageStore::kFactsMax);
      UidSet batch = of_vector(std::span(uids).subspan(begin, end - begin));
      CO_TRY(const std::vector<MessageFacts> facts,
             co_await messages.facts(mailbox.key, std::move(batch), FetchDepth::structure));
      for (const MessageFacts& one : facts) {
        const auto structure = mime::decode(one.structure);
        if (!structure || conversation_id(*structure) != wanted_id) continue;
        co_return conversation_criteria(*structure);
      }
      looked_at += end - begin;
      end = begin;
    }
  }
  co_return Error(ErrorKind::not_found, "nothing of that conversation");
}

std::optional<std::vector<Mailbox>> folders_named(const std::vector<Mailbox>& all,
                                                  const std::vector<std::string>& ids, bool deep) {
  if (ids.empty() || std::find(ids.begin(), ids.end(), "0") != ids.end()) return all;
  std::vector<const Mailbox*> named;
  for (const std::string& text : ids) {
    const auto id = parse_collection_id(text);
    if (!id) return std::nullopt;
    if (!is_mailbox(*id)) continue;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Mailbox& one) { return one.key.mailbox == mailbox_of(*id); });
    if (found == all.end()) return std::nullopt;
    named.push_back(&*found);
  }
  std::vector<Mailbox> folders;
  for (const Mailbox& one : all) {
    const bool wanted = std::any_of(named.begin(), named.end(), [&](const Mailbox* parent) {
      return parent == &one || (deep && one.name.is_below(parent->name));
    });
    if (wanted) folders.push_back(one);
  }
  return folders;
}

FoundPage::FoundPage(Conversation& conversation, std::vector<FoundPlace> newest, Range range)
    : conversation_(conversation), places_(std::move(newest)) {
  const std::size_t wanted = std::min<std::size_t>(range.last - range.first, kResultsMax - 1) + 1;
  places_.erase(places_.begin(),
                places_.begin() + std::min<std::ptrdiff_t>(range.first, std::ssize(places_)));
  places_.resize(std::min(places_.size(), wanted));
}

Task<Result<std::optional<StoredItem>>> FoundPage::next() {
  std::optional<StoredItem> item;
  while (!item) {
    const bool at_end = given_ == items_.size() && at_ == places_.size();
    if (at_end) break;
    if (given_ == items_.size()) CO_TRY_VOID(co_await load());
    item = std::exchange(items_[given_++], std::nullopt);
  }
  co_return item;
}

Task<Result<void>> FoundPage::load() {
  items_.assign(std::min(kBatch, places_.size() - at_), std::nullopt);
  given_ = 0;
  std::vector<MailboxKey> mailboxes;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const MailboxKey mailbox = places_[at_ + i].mailbox;
    if (std::find(mailboxes.begin(), mailboxes.end(), mailbox) == mailboxes.end())
      mailboxes.push_back(mailbox);
  }
  for (const MailboxKey mailbox : mailboxes) CO_TRY_VOID(co_await load_from(mailbox));
  at_ += items_.size();
  co_return Result<void>();
}

// The search has just seen this mailbox: no round trip for its state.
Task<Result<void>> FoundPage::load_from(MailboxKey mailbox) {
  MessageStore& messages = conversation_.store().messages();
  UidSet uids;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (places_[at_ + i].mailbox == mailbox) uids.add(places_[at_ + i].uid);
  }
  constexpr ModSeq kAny{1};
  auto now = co_await messages.snapshot_reaching(mailbox, kAny);
  const bool gone = !now && now.error().kind == ErrorKind::not_found;
  if (gone) co_return Result<void>();
  if (!now) co_return std::move(now).error();
  CO_TRY(const std::vector<MessageFacts> facts,
         co_await messages.facts(mailbox, uids, FetchDepth::structure));
  messages.read_ahead(mailbox.account, facts);
  CO_TRY(const FollowUps follow_ups, co_await FollowUps::load(messages, mailbox, std::move(uids)));
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const FoundPlace& place = places_[at_ + i];
    if (place.mailbox != mailbox) continue;
    const auto found = std::find_if(facts.begin(), facts.end(),
                                    [&](const MessageFacts& one) { return one.uid == place.uid; });
    const MessageState* state = (*now)->find(place.uid);
    if (found == facts.end() || state == nullptr) continue;
    items_[i] = StoredItem{
        mailbox, *found, (*now)->flags(*state), place.in_drafts, follow_ups.of(place.uid), std::nullopt};
  }
  co_return Result<void>();
}

}  // namespace postern::activesync
