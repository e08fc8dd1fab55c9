#include "protocols/activesync/message_item.h"

#include <algorithm>

#include "gateway/async/worker.h"
#include "protocols/activesync/body_render.h"
#include "protocols/activesync/meeting_item.h"

namespace postern::activesync {

namespace {

Task<Result<Body>> read_body(const Services& services, MessageReader& reader, BodyCandidate candidate) {
  CO_TRY(std::string octets, co_await read_range(reader, candidate.range));
  if (octets.size() <= kRenderOnLoopOctetsMax) co_return render_body(candidate, octets);
  // The part that the candidate points to belongs to our caller's frame, which waits for us.
  auto work = [candidate, octets = std::move(octets)] { return render_body(candidate, octets); };
  co_return co_await in_worker(services.loop, std::move(work));
}

constexpr std::uint64_t kCalendarPartOctetsMax = 2 * mime::kCalendarOctetsMax;  // encoded

void tell_meeting(const mime::Invitation& invitation, EmailProperties& properties) {
  std::string message_class = meeting_class(invitation);
  if (message_class.empty()) return;
  properties.message_class = std::move(message_class);
  properties.content_class = "urn:content-classes:calendarmessage";
  if (is_meeting_request(invitation)) properties.meeting = meeting_request(invitation);
}

}  // namespace

Task<Result<std::optional<mime::Invitation>>> invitation_in(const Services& services, MessageReader& reader,
                                                            const mime::Part* calendar) {
  std::optional<mime::Invitation> none;
  const bool is_there = calendar != nullptr && calendar->body.size() <= kCalendarPartOctetsMax;
  if (!is_there) co_return none;
  CO_TRY(std::string octets, co_await read_range(reader, calendar->body));
  // The part belongs to our caller's frame, which waits for us.
  auto work = [calendar, octets = std::move(octets)] {
    return mime::read_invitation(source_text(*calendar, octets));
  };
  auto invitation = co_await in_worker(services.loop, std::move(work));
  if (!invitation) co_return none;
  co_return std::optional<mime::Invitation>(*std::move(invitation));
}

Task<Result<std::string>> read_range(MessageReader& reader, mime::OctetRange range) {
  std::string octets;
  while (range.begin < range.end) {
    const std::size_t wanted = std::min<std::uint64_t>(range.size(), kChunkOctets);
    CO_TRY(const std::string_view piece, co_await reader.read(range.begin, wanted));
    if (piece.empty()) break;
    octets += piece;
    range.begin += piece.size();
  }
  co_return octets;
}

EmailSource source_of(const StoredItem& item) {
  EmailSource source;
  source.server_id = server_id({item.mailbox.mailbox, item.told.value_or(item.facts.uid)});
  source.flags = item.flags;
  source.follow_up = item.follow_up;
  source.received = item.facts.internal_date;
  source.in_drafts = item.in_drafts;
  return source;
}

Task<Result<EmailProperties>> render_item(const Services& services, StoredItem item, BodyOptions options) {
  CO_TRY(const mime::Structure structure, mime::decode(item.facts.structure));
  const MessageLayout layout = layout_of(structure.root);
  EmailProperties properties = email_properties(structure, layout, source_of(item));
  properties.native_body_type = native_body_type(layout);

  const auto reader = services.store.messages().open(item.mailbox.account, item.facts);
  CO_TRY(const std::optional<mime::Invitation> invitation,
         co_await invitation_in(services, *reader, layout.calendar));
  if (invitation) tell_meeting(*invitation, properties);
  for (const BodyCandidate& candidate : body_candidates(layout, options, item.facts.size)) {
    CO_TRY(properties.body, co_await read_body(services, *reader, candidate));
    if (properties.body->data) break;
  }
  const auto part = body_part_candidate(layout, options, item.facts.size);
  if (part) {
    CO_TRY(properties.body_part, co_await read_body(services, *reader, *part));
  }
  co_return properties;
}

bool is_of_one_message(const Error& error) {
  return error.kind == ErrorKind::not_found || error.kind == ErrorKind::internal ||
         error.kind == ErrorKind::invalid || error.kind == ErrorKind::too_large;
}

}  // namespace postern::activesync
