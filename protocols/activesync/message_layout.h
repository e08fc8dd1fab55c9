// What of a message is its text and what are its attachments, as a phone shows it. Reads the structure only.
//
// Nothing is hidden: a leaf that is not the text is an attachment, except the other representations inside a
// multipart/alternative. Embedded messages are attachments and are not looked into.
#pragma once

#include <string>
#include <vector>

#include "storage/mime/part.h"

namespace postern::activesync {

struct AttachedPart {
  const mime::Part* part = nullptr;
  std::string number;      // as IMAP's section: "2.1"
  bool is_inline = false;  // shown inside the HTML by its Content-ID
};

struct MessageLayout {
  const mime::Part* plain = nullptr;  // nullptr: there is none
  const mime::Part* html = nullptr;
  const mime::Part* calendar = nullptr;  // an invitation, wherever it stands; may be an attachment, too
  std::vector<AttachedPart> attachments;
  bool smime = false;  // signed or encrypted: MIMESupport 1 wants it whole
};

constexpr std::size_t kAttachmentsMax = 1'000;  // shown; the message itself is not limited

// `root` outlives the layout.
MessageLayout layout_of(const mime::Part& root);

// Octets of the part once its transfer encoding is undone: exact for all but base64 with odd line lengths.
std::uint64_t decoded_size(const mime::Part& part);

}  // namespace postern::activesync
