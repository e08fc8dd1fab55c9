// Mailbox and search responses (RFC 3501 §7.2): LIST, LSUB, STATUS, NAMESPACE, FLAGS, SEARCH, ESEARCH.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/imap/command.h"
#include "storage/model/uid_set.h"

namespace postern::imap {

// One line of a LIST answer.
struct ListEntry {
  MailboxName name;
  bool non_existent = false;  // RFC 5258; implies \Noselect for old clients
  bool subscribed = false;
  std::optional<bool> has_children;  // \HasChildren or \HasNoChildren; absent: not said (RFC 3348)
  SpecialUse special_use = SpecialUse::none;
  bool child_subscribed = false;  // ("CHILDINFO" ("SUBSCRIBED")), RFC 5258 §4
};

void print_list(std::string& out, const ListEntry& entry);
// LSUB: `no_select` is a parent that is not subscribed itself, shown because of "%" (RFC 3501 §6.3.9).
void print_lsub(std::string& out, const MailboxName& name, bool no_select);
// The answer to LIST "" "": separator and root.
void print_list_root(std::string& out);
void print_namespace(std::string& out);

struct StatusAnswer {
  MailboxStatus status;
  std::uint64_t recent = 0;  // MailboxStatus does not count it
};
void print_status(std::string& out, const MailboxName& name, const std::vector<StatusItem>& items,
                  const StatusAnswer& answer);

// "* FLAGS (\Answered … $Forwarded)"
void print_flags(std::string& out, const std::vector<std::string>& keywords);

// Message numbers or UIDs, ascending. `modseq` only if the search asked for it and found something.
void print_search(std::string& out, const std::vector<std::uint32_t>& found, std::optional<ModSeq> modseq);
// RFC 4731. MIN, MAX and ALL are left out if nothing was found; the tag is the command's.
struct SearchAnswer {
  std::string_view tag;
  bool uid = false;
  Search::Return returned;
  std::optional<ModSeq> modseq;
};
void print_esearch(std::string& out, const SearchAnswer& answer, const std::vector<std::uint32_t>& found);

}  // namespace postern::imap
