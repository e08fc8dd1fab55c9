// The phones there are: what each tells of itself, and how it asks. From what such clients have been seen to
// send; a version is chosen apart from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "protocols/activesync/schema/body_options.h"
#include "protocols/activesync/schema/protocol_version.h"
#include "tests/phone/node.h"

namespace postern::phone {

using activesync::ProtocolVersion;

enum class UserForm : std::uint8_t { address, domain_first };  // joe@example.test, example.test\joe
enum class Discovery : std::uint8_t { xml, json };
enum class Push : std::uint8_t { ping, waiting_sync };
// How the rest of a body that came truncated is got.
enum class Refetch : std::uint8_t { never, item_operations, sync };

struct Profile {
  std::string_view name;
  std::string_view user_agent;
  std::string_view device_type;
  std::string_view model;
  std::string_view os;
  UserForm user_form = UserForm::address;
  Discovery discovery = Discovery::xml;
  bool base64_query = false;
  bool command_last_in_query = false;
  bool validates_first = false;  // as a device of the name "validate"
  bool policy_key_on_ping = true;
  bool accepts_gzip = false;
  bool accepts_multipart = false;
  WritingHabits writing;

  bool options_in_first_sync = false;
  bool folders_together = false;  // one Sync for all folders
  bool empty_sync_when_quiet = false;
  std::uint32_t window_size = 100;
  std::uint32_t filter_type = 0;  // FilterType of MS-ASCMD section 2.2.3.68.2
  std::uint32_t mime_support = 0;
  std::vector<activesync::BodyPreference> bodies;
  Refetch refetch = Refetch::never;

  Push push = Push::ping;
  std::uint32_t heartbeat_s = 480;
};

// nullptr: no such phone.
const Profile* find_profile(std::string_view name);
std::vector<std::string_view> profile_names();

}  // namespace postern::phone
