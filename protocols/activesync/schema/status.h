// Status codes as Status elements carry them. Each command has numbers of its own (an enum beside its
// request); those from 101 on mean the same everywhere. MS-ASCMD section 2.2.4.
#pragma once

#include <cassert>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>

namespace postern::activesync {

enum class CommonStatus : std::uint16_t {
  invalid_content = 101,
  invalid_wbxml = 102,
  invalid_xml = 103,
  invalid_date_time = 104,
  invalid_combination_of_ids = 105,
  invalid_ids = 106,
  invalid_mime = 107,
  invalid_device_id = 108,
  invalid_device_type = 109,
  server_error = 110,
  retry_later = 111,
  mailbox_quota_exceeded = 113,
  send_quota_exceeded = 115,
  recipient_unresolved = 116,
  reply_not_allowed = 117,
  previously_sent = 118,
  no_recipient = 119,
  submission_failed = 120,
  reply_failed = 121,
  attachment_too_large = 122,
  no_mailbox = 123,
  user_disabled_for_sync = 126,
  device_blocked_for_user = 129,
  access_denied = 130,
  account_disabled = 131,
  sync_state_not_found = 132,
  sync_state_locked = 133,
  sync_state_corrupt = 134,
  command_not_supported = 137,
  version_not_supported = 138,
  device_not_fully_provisionable = 139,
  remote_wipe_requested = 140,
  legacy_device_on_strict_policy = 141,
  device_not_provisioned = 142,
  policy_refresh = 143,
  invalid_policy_key = 144,
  externally_managed = 145,
  instance_of_single_meeting = 146,
  unexpected_item_class = 147,
  item_not_found = 150,
  too_many_folders = 151,
  no_folders_found = 152,
  move_failed = 154,
  move_needs_move_always = 155,
  move_destination_invalid = 156,
  availability_failure = 163,
  body_part_type_not_supported = 164,
  device_information_required = 165,
  invalid_account_id = 166,
  account_send_disabled = 167,
  no_picture = 173,
  picture_too_large = 174,
  picture_limit_reached = 175,
  too_many_devices = 177,
  not_with_forwardees = 178,
  forwardees_unreadable = 179,
  draft_recipients_invalid = 183,
};

struct Status {
  std::uint16_t code;

  template <class Enum>
  requires std::is_enum_v<Enum>
  constexpr Status(Enum value) : code(static_cast<std::uint16_t>(value)) {}
  friend bool operator==(Status, Status) = default;
};

// What became of a request's body: its value, or the status with which the command must refuse it.
template <class T>
class [[nodiscard]] Parsed {
 public:
  Parsed(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Parsed(Status refusal) : state_(std::in_place_index<1>, refusal) {}
  template <class Enum>
  requires std::is_enum_v<Enum> Parsed(Enum refusal) : Parsed(Status(refusal)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() {
    assert(*this);
    return *std::get_if<0>(&state_);
  }
  T* operator->() { return &**this; }
  Status refusal() const {
    assert(!*this);
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Status> state_;
};

}  // namespace postern::activesync
