// Mailbox names as clients write them: modified UTF-7 (RFC 3501 §5.1.3) or UTF-8 (RFC 9051 §5.1), and the
// patterns of LIST.
#pragma once

#include <string>
#include <string_view>

#include "protocols/imap/grammar/cursor.h"
#include "storage/model/modified_utf7.h"

namespace postern::imap {

// A mailbox as a command names it.
MailboxArgument mailbox_argument(std::string_view spelled, NameSpelling names = NameSpelling::modified_utf7);
// Of a mailbox to be made: one separator at the end is allowed and means nothing here (RFC 3501 §6.3.3).
MailboxArgument new_mailbox_argument(std::string_view spelled,
                                     NameSpelling names = NameSpelling::modified_utf7);

// "*" matches anything, "%" anything but the separator. Cost: pattern × name, whatever the pattern.
class ListPattern {
 public:
  // Reference and pattern in UTF-8, as List holds them: one is put in front of the other.
  ListPattern(std::string_view reference, std::string_view pattern);
  // INBOX, also as the first level, matches without case.
  bool matches(std::string_view name) const;

 private:
  std::string text_;          // runs of wildcards collapsed
  std::size_t literals_ = 0;  // octets that are no wildcards
};

}  // namespace postern::imap
