// The local copy as JSON: a folder and its messages as objects, by id.
#include "tests/phone/local_mailbox.h"

namespace postern::phone {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LocalAttachment, name, file_reference, estimated_size)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LocalItem, subject, from, to, date_received, read, flag, categories,
                                   last_verb, body_type, body, truncated, estimated_size, attachments)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LocalFolder, id, parent, name, type, sync_key, items)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LocalMailbox, folder_key, policy_key, client_ids, folders)

nlohmann::json to_json(const LocalMailbox& mailbox) {
  nlohmann::json json;
  to_json(json, mailbox);
  return json;
}

LocalMailbox mailbox_from_json(const nlohmann::json& json) {
  return json.get<LocalMailbox>();
}

}  // namespace postern::phone
