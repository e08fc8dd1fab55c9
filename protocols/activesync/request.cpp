#include "protocols/activesync/request.h"

#include <algorithm>
#include <array>

#include "gateway/base/text.h"

namespace postern::activesync {

namespace {

struct CommandName {
  Command command;
  std::string_view name;
};
constexpr std::array kCommands{
    CommandName{Command::sync, "Sync"},
    CommandName{Command::send_mail, "SendMail"},
    CommandName{Command::smart_forward, "SmartForward"},
    CommandName{Command::smart_reply, "SmartReply"},
    CommandName{Command::get_attachment, "GetAttachment"},
    CommandName{Command::folder_sync, "FolderSync"},
    CommandName{Command::folder_create, "FolderCreate"},
    CommandName{Command::folder_delete, "FolderDelete"},
    CommandName{Command::folder_update, "FolderUpdate"},
    CommandName{Command::move_items, "MoveItems"},
    CommandName{Command::get_item_estimate, "GetItemEstimate"},
    CommandName{Command::meeting_response, "MeetingResponse"},
    CommandName{Command::search, "Search"},
    CommandName{Command::settings, "Settings"},
    CommandName{Command::ping, "Ping"},
    CommandName{Command::item_operations, "ItemOperations"},
    CommandName{Command::provision, "Provision"},
    CommandName{Command::resolve_recipients, "ResolveRecipients"},
    CommandName{Command::validate_cert, "ValidateCert"},
    CommandName{Command::find, "Find"},
};

Error invalid(std::string detail) {
  return Error(ErrorKind::invalid, std::move(detail));
}

Result<std::string> percent_decoded(std::string_view value) {
  std::string out;
  while (!value.empty()) {
    const std::size_t plain = std::min(value.find('%'), value.size());
    out += value.substr(0, plain);
    value.remove_prefix(plain);
    if (value.empty()) break;
    const auto octet = text::unhex(value.substr(1, 2));
    if (!octet || octet->size() != 1) return invalid("a percent sign without two digits");
    out += *octet;
    value.remove_prefix(3);
  }
  return out;
}

bool is_printable(std::string_view utf8) {
  const auto control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7F'; };
  return text::is_utf8(utf8) && std::none_of(utf8.begin(), utf8.end(), control);
}

std::optional<std::string Request::*> parameter_named(std::string_view name) {
  if (text::same(name, "User")) return &Request::user;
  if (text::same(name, "DeviceId")) return &Request::device_id;
  if (text::same(name, "DeviceType")) return &Request::device_type;
  if (text::same(name, "AttachmentName")) return &Request::attachment_name;
  if (text::same(name, "CollectionId")) return &Request::collection_id;
  if (text::same(name, "ItemId")) return &Request::item_id;
  if (text::same(name, "LongId")) return &Request::long_id;
  if (text::same(name, "Occurrence")) return &Request::occurrence;
  return std::nullopt;
}

Result<void> take_command(std::string_view name, Request& request) {
  const auto row = std::find_if(kCommands.begin(), kCommands.end(),
                                [name](const CommandName& one) { return text::same(one.name, name); });
  if (row == kCommands.end()) return Error(ErrorKind::not_found, "no such command");
  request.command = row->command;
  return {};
}

// MS-ASHTTP section 2.2.1.1.1.2, in any order; unknown parameters are ignored.
Result<void> parse_text_query(const RequestHead& head, Request& request) {
  for (const std::string_view parameter : text::split(head.query, '&')) {
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string_view name = parameter.substr(0, equals);
    TRY(std::string value, percent_decoded(parameter.substr(std::min(equals + 1, parameter.size()))));
    if (value.size() > kParameterOctetsMax) return Error(ErrorKind::too_large, "a parameter is too long");
    if (text::same(name, "Cmd")) TRY_VOID(take_command(value, request));
    if (text::same(name, "SaveInSent")) request.save_in_sent = text::same(value, "T");
    if (const auto member = parameter_named(name)) request.** member = std::move(value);
  }
  if (!head.protocol_version) return invalid("no protocol version");
  const auto version = find_protocol_version(text::trim(*head.protocol_version));
  if (!version) return Error(ErrorKind::not_found, "this protocol version is not served");
  request.version = *version;
  if (head.policy_key) {
    const auto key = text::number(text::trim(*head.policy_key), UINT32_MAX);
    if (key) request.policy_key = static_cast<std::uint32_t>(*key);
  }
  return {};
}

// The fields of the packed form. Beyond its end it yields zeros, and ok() says so.
class PackedQuery {
 public:
  explicit PackedQuery(std::string_view octets) : rest_(octets) {}

  std::uint8_t octet() {
    const std::string_view one = octets(1);
    return one.empty() ? 0 : static_cast<std::uint8_t>(one.front());
  }
  std::string_view octets(std::size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view counted() { return octets(octet()); }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

// MS-ASHTTP section 2.2.1.1.1.1.3
Result<void> take_packed_parameter(std::uint8_t tag, std::string_view value, Request& request) {
  constexpr std::uint8_t kSaveInSent = 0x01;
  constexpr std::uint8_t kAcceptMultipart = 0x02;
  switch (tag) {
    case 0: request.attachment_name = value; break;
    case 1: request.collection_id = value; break;
    case 3: request.item_id = value; break;
    case 4: request.long_id = value; break;
    case 6: request.occurrence = value; break;
    case 7: {
      if (value.size() != 1) return invalid("Options are not one octet");
      const auto flags = static_cast<std::uint8_t>(value.front());
      request.save_in_sent = (flags & kSaveInSent) != 0;
      request.accept_multipart = (flags & kAcceptMultipart) != 0;
      break;
    }
    case 8: request.user = value; break;
    default: break;
  }
  return {};
}

Result<void> parse_packed_query(std::string_view query, Request& request) {
  TRY(std::string base64, percent_decoded(query));
  while (base64.size() % 4 != 0) base64 += '=';  // some leave the padding out
  const auto octets = text::unbase64(base64);
  if (!octets) return invalid("the query is neither text nor base64");
  PackedQuery in(*octets);
  const std::uint8_t version = in.octet();
  const std::uint8_t command = in.octet();
  in.octets(2);  // the locale
  const std::string_view device_id = in.counted();
  const std::string_view policy_key = in.counted();
  request.device_type = in.counted();
  if (!in.ok()) return invalid("the query is cut off");

  const auto known_version = std::find_if(std::begin(kProtocolVersions), std::end(kProtocolVersions),
                                          [version](const ProtocolVersionName& row) {
                                            return static_cast<std::uint8_t>(row.version) == version;
                                          });
  if (known_version == std::end(kProtocolVersions)) {
    return Error(ErrorKind::not_found, "this protocol version is not served");
  }
  request.version = known_version->version;
  const auto known_command = std::find_if(
      kCommands.begin(), kCommands.end(),
      [command](const CommandName& row) { return static_cast<std::uint8_t>(row.command) == command; });
  if (known_command == kCommands.end()) return Error(ErrorKind::not_found, "no such command");
  request.command = known_command->command;

  // A GUID comes as its sixteen octets.
  request.device_id =
      device_id.size() == 16 && !check_device_id(device_id) ? text::hex(device_id) : device_id;
  if (policy_key.size() == 4) {
    std::uint32_t key = 0;
    for (std::size_t i = 4; i-- > 0;) key = key << 8 | static_cast<std::uint8_t>(policy_key[i]);
    request.policy_key = key;
  } else if (!policy_key.empty()) {
    return invalid("the policy key is not four octets");
  }
  while (!in.at_end()) {
    const std::uint8_t tag = in.octet();
    const std::string_view value = in.counted();
    if (!in.ok()) return invalid("a parameter is cut off");
    TRY_VOID(take_packed_parameter(tag, value, request));
  }
  return {};
}

}  // namespace

std::string_view name_of(Command command) {
  for (const CommandName& row : kCommands) {
    if (row.command == command) return row.name;
  }
  return {};
}

Result<Request> parse_request(const RequestHead& head) {
  if (head.query.size() > kQueryOctetsMax) return Error(ErrorKind::too_large, "the query is too long");
  Request request;
  if (head.accept_multipart) request.accept_multipart = text::same(text::trim(*head.accept_multipart), "T");
  const bool as_text = text::starts_with_same(head.query, "Cmd=") ||
                       text::to_lower(head.query).find("&cmd=") != std::string::npos;
  if (as_text) {
    TRY_VOID(parse_text_query(head, request));
  } else {
    TRY_VOID(parse_packed_query(head.query, request));
  }
  if (!check_device_id(request.device_id)) return invalid("no proper device id");
  if (request.device_type.empty() || request.device_type.size() > kDeviceTypeOctetsMax ||
      !is_printable(request.device_type)) {
    return invalid("no proper device type");
  }
  for (const std::string* value : {&request.user, &request.attachment_name, &request.collection_id,
                                   &request.item_id, &request.long_id, &request.occurrence}) {
    if (!is_printable(*value)) return invalid("a parameter is not text");
  }
  return request;
}

}  // namespace postern::activesync
