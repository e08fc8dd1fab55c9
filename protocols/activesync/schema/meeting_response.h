// MeetingResponse: accept, perhaps, or decline. MS-ASCMD section 2.2.1.11.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/activesync/schema/body_options.h"
#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/schema/values.h"

namespace postern::activesync {

// MS-ASCMD section 2.2.3.177.9
enum class MeetingStatus : std::uint16_t { ok = 1, invalid_request = 2, mailbox_error = 3, server_error = 4 };
enum class UserResponse : std::uint8_t { accepted = 1, tentative = 2, declined = 3 };

constexpr std::size_t kMeetingResponsesMax = 100;

// 16.0 and later: a message to the organizer. Before, the client sends it by itself.
struct SendResponse {
  std::optional<BodyType> body_type;  // plain_text or html
  std::string_view body;              // in the request's document
  std::optional<WallTime> proposed_start, proposed_end;
};

struct MeetingAnswer {
  UserResponse response = UserResponse::accepted;
  std::string collection_id, request_id;  // the invitation by its place …
  std::string long_id;                    // … or as Search named it
  std::optional<WallTime> instance;       // of a recurring meeting
  std::optional<SendResponse> send_response;
  std::optional<Status> refused;
};

// Refused as a whole: no Request, or too many.
Parsed<std::vector<MeetingAnswer>> read_meeting_response(Element root);

struct MeetingResult {
  std::string request_id;  // as in the request; empty: left out
  Status status = MeetingStatus::ok;
  std::string calendar_id;  // of what is now in the calendar; empty: nothing
};
// At least one.
void write_meeting_results(std::string& out, const std::vector<MeetingResult>& results);

}  // namespace postern::activesync
