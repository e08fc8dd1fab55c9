// What the simulated phone makes of the server's answers. Pure.
#pragma once

#include <string>
#include <vector>

#include "protocols/activesync/wbxml/element.h"
#include "protocols/demo/phone_requests.h"

namespace postern::demo {

// Of a whole answer.
enum class Verdict : std::uint8_t {
  fine,
  policy_needed,  // MS-ASPROV section 3.1.5.2
  refused,        // not this user, or not this device
  anew,           // what the phone remembers is worth nothing any more
};
struct Judged {
  Verdict verdict = Verdict::fine;
  int status = 0;  // the command's, or HTTP's where there is no such
};
// `root`: nullopt where the answer has no body.
Judged judge(int http_status, const std::optional<activesync::Element>& root);

// The key of the policy that a Provision tells; empty: none.
std::string policy_key_in(activesync::Element root);
// The keys of a FolderSync, and where the inbox is.
void learn_folders(activesync::Element root, PhoneMemory& memory);

struct PhoneItem {
  enum class What : std::uint8_t { added, changed, removed };
  What what = What::added;
  std::string id, subject, from;
  std::optional<bool> read;
};
struct PhoneNews {
  int status = 1;  // of the collection
  bool more = false;
  std::vector<PhoneItem> items;
};
// A Sync's answer for its one collection; takes over its key.
PhoneNews learn_messages(activesync::Element root, PhoneMemory& memory);

}  // namespace postern::demo
