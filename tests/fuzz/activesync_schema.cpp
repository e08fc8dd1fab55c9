// rooms: activesync_schema
// No document upsets the reader of any command.
#include <string>

#include "protocols/activesync/schema/find.h"
#include "protocols/activesync/schema/folders.h"
#include "protocols/activesync/schema/get_item_estimate.h"
#include "protocols/activesync/schema/item_operations.h"
#include "protocols/activesync/schema/meeting_response.h"
#include "protocols/activesync/schema/move_items.h"
#include "protocols/activesync/schema/ping.h"
#include "protocols/activesync/schema/provision.h"
#include "protocols/activesync/schema/resolve_recipients.h"
#include "protocols/activesync/schema/search.h"
#include "protocols/activesync/schema/send_mail.h"
#include "protocols/activesync/schema/settings.h"
#include "protocols/activesync/schema/sync.h"
#include "protocols/activesync/schema/validate_cert.h"
#include "protocols/activesync/wbxml/reader.h"

using namespace postern;
using namespace postern::activesync;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto document = read(std::string(reinterpret_cast<const char*>(data), size));
  if (!document) return 0;
  const Element root = document->root();
  parse_date_time(root.text());
  if (auto sync = read_sync(root)) wait_limit(*sync);
  (void)read_ping(root);
  (void)read_find(root);
  (void)read_search(root);
  (void)read_send(root);
  (void)read_folder_create(root);
  (void)read_folder_update(root);
  (void)read_get_item_estimate(root);
  (void)read_item_operations(root);
  (void)read_meeting_response(root);
  (void)read_move_items(root);
  (void)read_provision(root);
  (void)read_settings(root);
  (void)read_resolve_recipients(root);
  (void)read_validate_cert(root);
  return 0;
}
