#include "protocols/activesync/schema/meeting_response.h"

#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

namespace {

std::optional<SendResponse> read_send_response(Element element) {
  SendResponse send;
  for (const Element child : element) {
    switch (child.tag()) {
      case "AirSyncBase:Body"_tag: {
        const auto type = child.find("AirSyncBase:Type"_tag);
        const auto number =
            type ? number_of(*type, static_cast<std::uint32_t>(BodyType::html)) : std::nullopt;
        if (!number || *number == 0) return std::nullopt;
        send.body_type = static_cast<BodyType>(*number);
        if (const auto data = child.find("AirSyncBase:Data"_tag)) send.body = data->text();
        break;
      }
      case "MeetingResponse:ProposedStartTime"_tag:
        send.proposed_start = parse_date_time(child.text());
        if (!send.proposed_start) return std::nullopt;
        break;
      case "MeetingResponse:ProposedEndTime"_tag:
        send.proposed_end = parse_date_time(child.text());
        if (!send.proposed_end) return std::nullopt;
        break;
      default: break;
    }
  }
  if (send.proposed_start.has_value() != send.proposed_end.has_value()) return std::nullopt;
  return send;
}

MeetingAnswer read_request(Element element) {
  MeetingAnswer answer;
  bool responded = false;
  for (const Element child : element) {
    switch (child.tag()) {
      case "MeetingResponse:UserResponse"_tag: {
        const auto response = number_of(child, static_cast<std::uint32_t>(UserResponse::declined));
        responded = response && *response > 0;
        if (responded) answer.response = static_cast<UserResponse>(*response);
        break;
      }
      case "MeetingResponse:CollectionId"_tag:
        answer.collection_id = text_of(child, kIdOctetsMax).value_or("");
        break;
      case "MeetingResponse:RequestId"_tag:
        answer.request_id = text_of(child, kIdOctetsMax).value_or("");
        break;
      case "Search:LongId"_tag: answer.long_id = text_of(child, kLongIdOctetsMax).value_or(""); break;
      case "MeetingResponse:InstanceId"_tag:
        answer.instance = parse_date_time(child.text());
        if (!answer.instance) answer.refused = CommonStatus::invalid_date_time;
        break;
      case "MeetingResponse:SendResponse"_tag:
        answer.send_response = read_send_response(child);
        if (!answer.send_response) answer.refused = MeetingStatus::invalid_request;
        break;
      default: break;
    }
  }
  const bool by_place = !answer.collection_id.empty() && !answer.request_id.empty();
  const bool both = !answer.long_id.empty() && (!answer.collection_id.empty() || !answer.request_id.empty());
  if (!responded || both || (!by_place && answer.long_id.empty())) {
    answer.refused = MeetingStatus::invalid_request;
  }
  return answer;
}

}  // namespace

Parsed<std::vector<MeetingAnswer>> read_meeting_response(Element root) {
  std::vector<MeetingAnswer> answers;
  for (const Element child : root) {
    if (child.tag() != "MeetingResponse:Request"_tag) continue;
    if (answers.size() == kMeetingResponsesMax) return CommonStatus::invalid_xml;
    answers.push_back(read_request(child));
  }
  if (answers.empty()) return MeetingStatus::invalid_request;
  return answers;
}

void write_meeting_results(std::string& out, const std::vector<MeetingResult>& results) {
  Writer writer(out);
  const auto root = writer.open("MeetingResponse:MeetingResponse"_tag);
  for (const MeetingResult& one : results) {
    const auto result = writer.open("MeetingResponse:Result"_tag);
    if (!one.request_id.empty()) writer.text("MeetingResponse:RequestId"_tag, one.request_id);
    writer.number("MeetingResponse:Status"_tag, one.status.code);
    if (!one.calendar_id.empty()) writer.text("MeetingResponse:CalendarId"_tag, one.calendar_id);
  }
}

}  // namespace postern::activesync
