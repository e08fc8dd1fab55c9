// SmartReply and SmartForward: the message that a device has written and the one that it replies to or
// forwards, made one. MS-ASCMD sections 2.2.1.18 and 2.2.1.19. Pure; what of the stored message is not text
// is named by its range and never read here.
//
// The new text comes first, in both forms if either message has HTML; below it, who wrote the old text, when
// and to whom, and that text. A forward keeps all attachments, a reply the pictures that the text shows.
#pragma once

#include <string>
#include <string_view>

#include "protocols/activesync/message_layout.h"
#include "protocols/activesync/schema/send_mail.h"
#include "storage/mime/compose.h"

namespace postern::activesync {

// Of a text part of the stored message, this much is quoted. What a reply leaves out is with its author; a
// forward of more takes the whole message as an attachment instead.
constexpr std::uint64_t kQuotedOctetsMax = 1024 * 1024;

// What the device has sent, whole.
struct DeviceMessage {
  std::string_view octets;
  mime::Structure structure;
};

// What is in the mailbox, and what of its octets it takes: those of quoted_range() of either text, and its
// header, if it is no multipart.
struct StoredMessage {
  mime::Structure structure;
  std::uint64_t octets = 0;
  std::string plain, html;  // as they stand in the message
  std::string header;
};

// Empty: nothing of it is to be read.
mime::OctetRange quoted_range(const mime::Part* text);

// True: the device has signed or encrypted it, so nothing can be put into it.
bool must_stay_whole(const DeviceMessage& message);

// In-Reply-To and References to the stored message, as far as the device has not set them. May be empty.
std::string thread_fields(const mime::Structure& device, const mime::Structure& stored);

mime::Composition smart_composition(SendKind kind, const DeviceMessage& device, const StoredMessage& stored);

// A meeting handed on by the server alone (Forwardees): what a device would have sent. Addresses are UTF-8.
std::string forwarded_meeting(const std::string& from, const SendRequest& request,
                              const mime::Structure& stored);

}  // namespace postern::activesync
