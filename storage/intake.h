// Intake: mail that comes from elsewhere in bulk, as it was there: with its flags and dates, and if it is
// asked for with its UIDs under their UIDVALIDITY. Every message has a key, so that what is brought twice is
// stored once, for as long as keys are remembered (store.delivery_key_days).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/messages.h"
#include "storage/model/uid_set.h"

namespace postern {

struct IntakeMessage {
  StagedMessage message;  // received with the account as its home
  NewMessage with;
  std::optional<Uid> uid;
  std::string key;  // 32 octets; no two of one call alike
};

struct TakenIn {
  std::uint64_t messages = 0;
  std::uint64_t known = 0;  // their keys were there before
};

// What has been brought of a folder elsewhere, for as long as the account is there.
struct BroughtMark {
  UidValidity uid_validity{};  // there
  UidSet uids;                 // there
};

class Intake {
 public:
  virtual ~Intake() = default;

  // Finds or makes the mailbox, and what is above it. With a UIDVALIDITY it must have that, or be new or as
  // good as new: then it gets it. stale: it has another and has been used; too_large: too many mailboxes.
  virtual Task<Result<MailboxKey>> open(AccountId account, MailboxName name,
                                        std::optional<UidValidity> uid_validity) = 0;
  // The key for a message that some text tells from all others.
  virtual std::string key(const std::string& name) const = 0;
  // By key: taken in before.
  virtual Task<Result<std::vector<bool>>> known(AccountId account, std::vector<std::string> keys) = 0;
  // All or none. Either all have UIDs, ascending, or none has. over_quota, not_found; stale: a UID is below
  // the mailbox's next; too_large: more than kMessagesMax, or keywords.
  virtual Task<Result<TakenIn>> take(MailboxKey mailbox, std::vector<IntakeMessage> messages) = 0;
  static constexpr std::size_t kMessagesMax = 100;
  // Under the name's key() a mark; nullopt: none. internal: what stands there is none.
  virtual Task<Result<std::optional<BroughtMark>>> brought(AccountId account, std::string key) = 0;
  // not_found: the account.
  virtual Task<Result<void>> set_brought(AccountId account, std::string key, BroughtMark mark) = 0;
  // The next UID is this one at least, and the modseq: those below were given out elsewhere.
  virtual Task<Result<void>> reserve(MailboxKey mailbox, Uid next, ModSeq modseq) = 0;
};

}  // namespace postern
