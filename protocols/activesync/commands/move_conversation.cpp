#include "protocols/activesync/commands/move_conversation.h"

#include <algorithm>
#include <utility>

#include "protocols/activesync/commands/mail_search.h"
#include "protocols/shared/conversation.h"
#include "storage/mime/part.h"

namespace postern::activesync {

namespace {

bool gives_up_its_mail(const Mailbox& mailbox) {
  switch (mailbox.special_use) {
    case SpecialUse::drafts:
    case SpecialUse::sent:
    case SpecialUse::trash:
    case SpecialUse::junk: return false;
    default: return true;
  }
}

class MoveConversationRun {
 public:
  MoveConversationRun(Conversation& conversation, std::string id, MailboxKey destination)
      : conversation_(conversation), id_(std::move(id)), destination_(destination) {}

  Task<Result<void>> all(std::vector<Mailbox> mailboxes) {
    CO_TRY(criteria_, co_await find_conversation(conversation_, mailboxes, id_));
    // First, so that nothing arrives between the look and the rule.
    CO_TRY_VOID(co_await conversation_.store().conversations().file_in(destination_, id_));
    for (const Mailbox& mailbox : mailboxes) {
      if (mailbox.key == destination_ || !gives_up_its_mail(mailbox)) continue;
      auto moved = co_await move_from(mailbox.key);
      const bool gone = !moved && moved.error().kind == ErrorKind::not_found;
      if (!moved && !gone) co_return std::move(moved).error();
    }
    co_return Result<void>();
  }

 private:
  MessageStore& messages() { return conversation_.store().messages(); }

  Task<Result<void>> move_from(MailboxKey mailbox) {
    SearchCriteria criteria = criteria_;
    auto cancelled = [this] { return conversation_.exchange.gone(); };
    CO_TRY(const UidSet found,
           co_await messages().search(mailbox, std::move(criteria), std::move(cancelled)));
    const std::vector<Uid> uids = found.to_vector();
    for (std::size_t at = 0; at < uids.size(); at += MessageStore::kFactsMax) {
      const std::size_t end = std::min(uids.size(), at + MessageStore::kFactsMax);
      UidSet batch;
      for (std::size_t i = at; i < end; ++i) batch.add(uids[i]);
      CO_TRY(UidSet belonging, co_await of_conversation(mailbox, std::move(batch)));
      if (belonging.empty()) continue;
      CO_TRY_VOID(co_await messages().move(mailbox, std::move(belonging), destination_));
    }
    co_return Result<void>();
  }

  // The criteria may find a few others.
  Task<Result<UidSet>> of_conversation(MailboxKey mailbox, UidSet uids) {
    CO_TRY(const std::vector<MessageFacts> facts,
           co_await messages().facts(mailbox, std::move(uids), FetchDepth::structure));
    UidSet belonging;
    for (const MessageFacts& one : facts) {
      const auto structure = mime::decode(one.structure);
      if (structure && conversation_id(*structure) == id_) belonging.add(one.uid);
    }
    co_return belonging;
  }

  Conversation& conversation_;
  const std::string id_;
  const MailboxKey destination_;
  SearchCriteria criteria_;
};

}  // namespace

Task<Result<void>> move_conversation(Conversation& conversation, std::vector<Mailbox> mailboxes,
                                     std::string conversation_id, MailboxKey destination) {
  MoveConversationRun run(conversation, std::move(conversation_id), destination);
  co_return co_await run.all(std::move(mailboxes));
}

}  // namespace postern::activesync
