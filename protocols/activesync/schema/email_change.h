// What a client says of a message: its marks (every version) and, from 16.0 on, a draft with its attachments.
// MS-ASEMAIL section 2.2.2, MS-ASAIRS section 2.2.2.2 (Add), MS-ASCMD sections 2.2.3.11 and 2.2.3.24.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/activesync/schema/body_options.h"
#include "protocols/activesync/schema/email.h"

namespace postern::activesync {

constexpr std::size_t kCategoriesMax = 300;               // Email.xsd
constexpr std::size_t kAddressListOctetsMax = 32 * 1024;  // Email.xsd: To, From
constexpr std::size_t kDraftAttachmentsMax = 500;

// Views are of the request's document.
struct NewAttachment {
  std::string client_id;
  std::string display_name;
  std::string content_type;
  std::string content_id;
  bool is_inline = false;
  std::string_view content;
};

// A field that is absent is to stay as it is.
struct Draft {
  std::optional<std::string> to, cc, bcc, from, reply_to, subject;
  std::optional<Importance> importance;
  std::optional<BodyType> body_type;  // plain_text, html or mime
  std::string_view body;
  std::vector<NewAttachment> attachments_added;
  std::vector<std::string> attachments_removed;  // FileReference
};

struct EmailChange {
  std::optional<bool> read;
  std::optional<FollowUpFlag> flag;
  std::optional<std::vector<std::string>> categories;  // empty: take all away
  std::optional<Draft> draft;                          // any element of a draft was there
};

// nullopt: a value that the schema excludes, or too much of something. Unknown elements are passed over.
std::optional<EmailChange> read_email_change(Element application_data);

}  // namespace postern::activesync
