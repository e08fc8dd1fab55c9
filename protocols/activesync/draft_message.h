// Drafts of 16.0 and later as messages: what a device says of one, put over what is stored. MS-ASEMAIL
// section 3.2.5.4 (R1489 and R14890 name the elements). Pure; attachments and texts that stay are named by
// their range in the stored message.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "protocols/activesync/schema/email_change.h"
#include "storage/mime/compose.h"

namespace postern::activesync {

// The draft that is changed.
struct StoredDraft {
  mime::Structure structure;
  std::string header;  // its octets
};

struct DraftIdentity {
  std::string from;        // address, if the device says nothing else
  std::string message_id;  // "<…>"
  WallTime written{};
};

// `before` is nullptr for a new one. Octets of `draft` outlive the composition. A body of type 4 is the whole
// message; of the other fields only attachments and importance count then.
mime::Composition draft_composition(const Draft& draft, const StoredDraft* before,
                                    const DraftIdentity& identity);

// What tells this content from another, as octets.
std::string draft_content(const Draft& draft);

// The attachments that the draft has added, with the client's names for them, as they stand in what was
// stored: what the answer tells (MS-ASAIRS R1324).
std::vector<Attachment> added_attachments(const Draft& draft, const mime::Structure& stored,
                                          std::string_view server_id);

// Attachments that were there before and stayed have got other numbers, and so other FileReferences.
bool renumbers_attachments(const Draft& draft, const mime::Structure& before, const mime::Structure& after);

// A recipient that is not whole yet: the draft cannot go out.
bool has_half_address(const Draft& draft, const mime::Structure* before);

}  // namespace postern::activesync
