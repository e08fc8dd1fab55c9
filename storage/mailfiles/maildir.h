// Names in a Maildir (cr.yp.to/proto/maildir.html) and a Maildir++ (its folders), and the lists that Dovecot
// and Courier keep beside them. Pure; what comes from files is hostile.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "storage/model/flags.h"
#include "storage/model/ids.h"
#include "storage/model/mailbox.h"

namespace postern::mailfiles {

// "1736157600.M1P2.host,S=1234:2,FS"
struct MaildirName {
  std::string base;                   // without ":2,…": what stays when flags change
  std::uint8_t system = 0;            // SystemFlag bits
  std::vector<std::size_t> keywords;  // by their letters: 'a' is 0
  std::optional<std::uint64_t> size;  // ,S=: octets of the file
  std::optional<WallTime> time;       // what it begins with
};
MaildirName parse_maildir_name(std::string_view file_name);
// Of letters beyond 'z' there are none: further keywords are left out.
std::string maildir_info(std::uint8_t system, const std::vector<std::size_t>& keywords);  // ":2,FSab"

// ".Projects.Bridge" ↔ "Projects/Bridge"; names are modified UTF-7, or UTF-8 as newer servers write them. A
// level of ours that has a dot cannot be said: it gets '_' there. invalid: no folder of a Maildir++.
Result<MailboxName> folder_mailbox(std::string_view directory_name);
std::string folder_directory(const MailboxName& mailbox);  // "" for INBOX

struct UidListEntry {
  Uid uid{};
  std::string pop3_uidl;  // if it differs from what the server makes of UIDs
};
struct UidList {
  UidValidity uid_validity{};
  Uid uid_next{1};
  std::map<std::string, UidListEntry, std::less<>> by_base;  // MaildirName::base
};
// dovecot-uidlist, or courierimapuiddb. invalid: torn, of an unknown version, or UIDs that are out of order.
Result<UidList> parse_uid_list(std::string_view text);
std::string uid_list_text(const UidList& list);

// courierpop3dsizelist: what Courier's POP3 server has said as UIDLs, by MaildirName::base. Lines that say
// nothing are passed over; empty: of an unknown version.
std::map<std::string, std::string, std::less<>> parse_courier_pop3_list(std::string_view text);

// "0 $Forwarded\n1 work\n": names by their number; lines that say nothing are passed over.
std::vector<std::string> parse_keyword_list(std::string_view text);
std::string keyword_list_text(const std::vector<std::string>& names);

}  // namespace postern::mailfiles
