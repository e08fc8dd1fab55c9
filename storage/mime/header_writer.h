// Header fields written (RFC 5322 §2.2, §3.4): texts in UTF-8 become encoded-words (RFC 2047) or extended
// parameters (RFC 2231) where ASCII does not do. Each field ends in CRLF and is folded; nothing that is put
// into one can begin another.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/mime/part.h"

namespace postern::mime {

// Any text in UTF-8; control octets become blanks.
std::string text_field(std::string_view name, std::string_view utf8);

// Names may hold encoded-words. The starts and ends of groups are left out; what has no domain yet stays as
// it is, for drafts. Empty if nobody is left.
std::string address_field(std::string_view name, const std::vector<EnvelopeAddress>& addresses);

// `;\r\n name="value"`, for the end of a Content-Type or Content-Disposition.
std::string parameter_text(std::string_view name, std::string_view utf8);

// "<a@b>" each on a line of its own, the field's name in front; empty if there are none.
std::string id_field(std::string_view name, const std::vector<std::string>& ids);
// The ids of Message-ID, In-Reply-To or References, with their angle brackets; what is none is passed over.
std::vector<std::string> message_ids(std::string_view value);

}  // namespace postern::mime
