// ResolveRecipients: who a name or address is, out of the address book of the user's domain. There are no
// certificates, no calendars and no photographs, and each is answered by the status that says so. MS-ASCMD
// section 2.2.1.15.
#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/activesync/commands/run.h"
#include "protocols/activesync/schema/resolve_recipients.h"

namespace postern::activesync {

namespace {

// Everybody who fits; or the one whose address it is.
Task<Result<People>> find(Conversation& conversation, std::string name) {
  const PeopleRange range;
  auto people = co_await conversation.store().directory().find_people(conversation.account.id, name, range);
  const bool no_word = !people && people.error().kind == ErrorKind::invalid;
  if (no_word) co_return People();
  if (!people) co_return people;
  const auto exact = std::find_if(people->found.begin(), people->found.end(),
                                  [&name](const Person& person) { return text::same(person.address, name); });
  if (exact == people->found.end()) co_return people;
  People only;
  only.found.push_back(*exact);
  only.total = 1;
  co_return only;
}

ResolvedName resolved(std::string name, People people, const ResolveRequest& request,
                      ProtocolVersion version) {
  ResolvedName result;
  result.to = std::move(name);
  result.total = static_cast<std::uint32_t>(people.total);
  if (people.found.empty()) {
    result.status = ResolveStatus::not_resolved;
    return result;
  }
  const bool one = people.total == 1;
  if (!one && people.found.size() > request.ambiguous_max) people.found.resize(request.ambiguous_max);
  const bool all = people.found.size() == people.total;
  if (!one) result.status = all ? ResolveStatus::ambiguous : ResolveStatus::ambiguous_and_partial;
  for (Person& person : people.found) {
    ResolvedRecipient& recipient = result.recipients.emplace_back();
    recipient.display_name = person.display_name.empty() ? person.address : std::move(person.display_name);
    recipient.email_address = std::move(person.address);
    if (one && request.certificates) recipient.certificates = ResolveStatus::no_certificate;
    if (request.availability && version >= ProtocolVersion::v14_0) {
      recipient.availability = CommonStatus::availability_failure;
    }
    if (request.pictures && version >= ProtocolVersion::v14_1) recipient.picture.emplace();
  }
  return result;
}

}  // namespace

Task<Result<void>> run_resolve_recipients(Conversation& conversation, std::optional<Document> document) {
  Parsed<ResolveRequest> read(ResolveStatus::protocol_error);
  if (document) read = read_resolve_recipients(document->root());
  if (!read) co_return co_await refuse(conversation, read.refusal());
  const ResolveRequest request = std::move(*read);
  ResolveResponse response;
  for (const std::string& name : request.to) {
    CO_TRY(People people, co_await find(conversation, name));
    response.names.push_back(resolved(name, std::move(people), request, conversation.request.version));
    conversation.items += static_cast<std::uint32_t>(response.names.back().recipients.size());
  }
  std::string wbxml;
  write(wbxml, response);
  co_return co_await answer(conversation, response.status, std::move(wbxml));
}

}  // namespace postern::activesync
