// A stored message as the item that a device gets: facts and structure from the store, of the octets only the
// part that the body asked for is made of.
#pragma once

#include "gateway/base/result.h"
#include "protocols/activesync/email_item.h"
#include "protocols/activesync/hierarchy.h"
#include "protocols/activesync/schema/body_options.h"
#include "protocols/activesync/schema/email.h"
#include "protocols/shared/services.h"
#include "storage/mime/invitation.h"

namespace postern::activesync {

constexpr std::size_t kRenderOnLoopOctetsMax = 32 * 1024;  // more is a worker's work

struct StoredItem {
  MailboxKey mailbox;
  MessageFacts facts;  // FetchDepth::structure
  Flags flags;
  bool in_drafts = false;
  std::optional<FollowUpFlag> follow_up;
  std::optional<Uid> told;  // the number that the device knows it by, if that is another
};

EmailSource source_of(const StoredItem& item);

// not_found: purged meanwhile; internal: what was stored cannot be read; unavailable.
Task<Result<EmailProperties>> render_item(const Services& services, StoredItem item, BodyOptions options);

// The invitation that the message carries. Absent: none, or none that can be read. not_found, unavailable.
Task<Result<std::optional<mime::Invitation>>> invitation_in(const Services& services, MessageReader& reader,
                                                            const mime::Part* calendar);

// The octets of `range`, at most that many.
Task<Result<std::string>> read_range(MessageReader& reader, mime::OctetRange range);

// This message only: the others of its folder go on.
bool is_of_one_message(const Error& error);

}  // namespace postern::activesync
