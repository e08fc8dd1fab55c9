// Modified UTF-7 (RFC 3501 §5.1.3): how IMAP4rev1 and Maildir++ write mailbox names.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace postern {

// Only the one shortest spelling of a name is accepted, so that two names are never one mailbox. invalid
Result<std::string> from_modified_utf7(std::string_view encoded);
// Takes well-formed UTF-8.
std::string to_modified_utf7(std::string_view utf8);

}  // namespace postern
