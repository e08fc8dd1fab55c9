// Mailbox names as IMAP4rev1 writes them: modified UTF-7 (RFC 3501 §5.1.3), and the patterns of LIST.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "storage/model/mailbox.h"

namespace postern::imap {

// Only the one shortest spelling of a name is accepted, so that two names are never one mailbox. invalid
Result<std::string> from_modified_utf7(std::string_view encoded);
// Takes well-formed UTF-8.
std::string to_modified_utf7(std::string_view utf8);

// "*" matches anything, "%" anything but the separator. Cost: pattern × name, whatever the pattern.
class ListPattern {
 public:
  // Reference and pattern in UTF-8, as List holds them: one is put in front of the other.
  ListPattern(std::string_view reference, std::string_view pattern);
  // INBOX, also as the first level, matches without case.
  bool matches(std::string_view name) const;

 private:
  std::string text_;  // runs of wildcards collapsed
};

}  // namespace postern::imap
