// Mailbox and search responses (RFC 3501 §7.2): LIST, LSUB, STATUS, NAMESPACE, FLAGS, SEARCH, ESEARCH,
// VANISHED, QUOTA.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/imap/command.h"
#include "protocols/imap/grammar/cursor.h"
#include "storage/model/account.h"
#include "storage/model/uid_set.h"

namespace postern::imap {

// One line of a LIST answer.
struct ListEntry {
  MailboxName name;
  bool non_existent = false;  // RFC 5258; implies \Noselect for old clients
  bool subscribed = false;
  std::optional<bool> has_children;  // \HasChildren or \HasNoChildren; absent: not said (RFC 3348)
  SpecialUse special_use = SpecialUse::none;
  bool child_subscribed = false;        // ("CHILDINFO" ("SUBSCRIBED")), RFC 5258 §4
  std::optional<MailboxName> old_name;  // ("OLDNAME" (…)), RFC 9051 §6.3.6
};

void print_list(std::string& out, const ListEntry& entry, NameSpelling names);
// LSUB: `no_select` is a parent that is not subscribed itself, shown because of "%" (RFC 3501 §6.3.9).
void print_lsub(std::string& out, const MailboxName& name, bool no_select, NameSpelling names);
// The answer to LIST "" "": separator and root.
void print_list_root(std::string& out);
void print_namespace(std::string& out);

struct StatusAnswer {
  MailboxStatus status;
  MailboxId mailbox{};
  std::uint64_t recent = 0;  // MailboxStatus counts neither this nor the next
  std::uint64_t deleted_octets = 0;
  std::uint64_t append_octets_max = 0;
};
void print_status(std::string& out, const MailboxName& name, const std::vector<StatusItem>& items,
                  const StatusAnswer& answer, NameSpelling names);

// The messages that are gone, of which a client may not have heard yet if it is EARLIER (RFC 7162 §3.2.10).
// Of no messages there is none.
enum class Vanished : bool { now, earlier };
void print_vanished(std::string& out, const UidSet& uids, Vanished when);

// The answer to UIDBATCHES (RFC 10022): each range from its highest UID to its lowest.
void print_uid_batches(std::string& out, std::string_view tag, const std::vector<UidRange>& batches);

// "* METADATA INBOX (/private/comment "mine" …)" (RFC 5464 §4.4.1); without a name it is about the account.
class MetadataResponse {
 public:
  MetadataResponse(std::string& out, const std::optional<MailboxName>& name, NameSpelling names);
  void add(std::string_view entry, const std::optional<std::string>& value);
  void finish();  // nothing is printed if nothing was added

 private:
  std::string& out_;
  std::string head_;
  bool begun_ = false;
};

// RFC 9208: one root for the whole account, named by the empty string.
void print_quota_root(std::string& out, const MailboxName& name, NameSpelling names);
void print_quota(std::string& out, const QuotaUsage& usage);

// "* FLAGS (\Answered … $Forwarded)"
void print_flags(std::string& out, const std::vector<std::string>& keywords);

// Message numbers or UIDs, ascending. `modseq` only if the search asked for it and found something.
void print_search(std::string& out, const std::vector<std::uint32_t>& found, std::optional<ModSeq> modseq);
// The same in the order of SORT (RFC 5256 §4, RFC 7162 §3.1.6).
void print_sort(std::string& out, const std::vector<std::uint32_t>& found, std::optional<ModSeq> modseq);
// RFC 4731, RFC 9394. MIN, MAX and ALL are left out if nothing was found; the tag is the command's.
struct SearchAnswer {
  std::string_view tag;
  bool uid = false;
  Search::Return returned;
  std::optional<ModSeq> modseq;
  const Mailbox* mailbox = nullptr;  // named in the answer to ESEARCH (RFC 7377 §2.1)
  NameSpelling names = NameSpelling::modified_utf7;
};
void print_esearch(std::string& out, const SearchAnswer& answer, const std::vector<std::uint32_t>& found);

// The part of `count` that a window shows: places [begin, end).
std::pair<std::size_t, std::size_t> places_in(const Window& window, std::size_t count);

}  // namespace postern::imap
