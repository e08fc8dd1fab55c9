// Messages that meet criteria, over the folders of an account, the newest first: what Search and Find share.
// The store's text index does the finding. Bounded in time; and of what is found only the newest are kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/activesync/commands/run.h"
#include "protocols/activesync/message_item.h"
#include "protocols/activesync/schema/values.h"

namespace postern::activesync {

constexpr std::chrono::seconds kSearchTimeMax{25};   // phones give up after 30
constexpr std::size_t kNewestMax = 1'000;            // of one search can be shown; all are counted
constexpr std::uint32_t kResultsMax = 100;           // in one answer
constexpr std::size_t kConversationScanMax = 5'000;  // messages looked at for one of a conversation

struct MailSearch {
  std::vector<Mailbox> mailboxes;
  SearchCriteria criteria;
  // Exclusive. The store's dates are whole days: these cut the first and the last of them.
  std::optional<WallTime> received_after, received_before;
};

struct FoundPlace {
  MailboxKey mailbox;
  Uid uid{};
  WallTime received{};
  bool in_drafts = false;
};
struct FoundMail {
  std::vector<FoundPlace> newest;
  std::uint64_t total = 0;
};

// timed_out; closed: the device has hung up.
Task<Result<FoundMail>> find_mail(Conversation& conversation, MailSearch search);

// The criteria of a conversation, from the newest message that belongs to it. not_found: there is none, or
// none among the newest. Other errors as above.
Task<Result<SearchCriteria>> find_conversation(Conversation& conversation, std::vector<Mailbox> mailboxes,
                                               std::string conversation_id);

// The mailboxes that folder ids name ("0" or none: all), with those below them if `deep`. A folder without
// mail adds nothing. nullopt: an id that names no folder.
std::optional<std::vector<Mailbox>> folders_named(const std::vector<Mailbox>& all,
                                                  const std::vector<std::string>& ids, bool deep);

// A range of what was found, at most kResultsMax, with all that is needed to show it; a few in memory at a
// time.
class FoundPage {
 public:
  FoundPage(Conversation& conversation, std::vector<FoundPlace> newest, Range range);
  // The range begins behind the last.
  bool empty() const { return places_.empty(); }
  // nullopt: that was all. What is gone meanwhile is passed over.
  Task<Result<std::optional<StoredItem>>> next();

 private:
  Task<Result<void>> load();
  Task<Result<void>> load_from(MailboxKey mailbox);

  static constexpr std::size_t kBatch = 32;

  Conversation& conversation_;
  std::vector<FoundPlace> places_;
  std::size_t at_ = 0;                            // of the next to load
  std::vector<std::optional<StoredItem>> items_;  // the batch before it
  std::size_t given_ = 0;                         // of the batch
};

}  // namespace postern::activesync
