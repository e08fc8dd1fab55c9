// Find (16.1): the mailbox asked in KQL, or the address book. MS-ASCMD section 2.2.1.2. What was found is not
// kept between requests, so any range may be the first.
#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/activesync/body_render.h"
#include "protocols/activesync/commands/gal_search.h"
#include "protocols/activesync/commands/mail_search.h"
#include "protocols/activesync/commands/skipped.h"
#include "protocols/activesync/schema/find.h"
#include "protocols/activesync/schema/kql.h"

namespace postern::activesync {

namespace {

constexpr std::uint32_t kPreviewCharacters = 255;
constexpr std::uint64_t kPreviewSourceOctetsMax = 16 * 1024;

Task<Result<void>> refuse_find(Conversation& conversation, Status status) {
  std::string wbxml;
  write_find_refusal(wbxml, status);
  co_return co_await answer(conversation, status, std::move(wbxml));
}

// A body that is all preview.
BodyOptions preview_only() {
  BodyOptions options;
  options.preferences.push_back({BodyType::html, 0, true, kPreviewCharacters});
  return options;
}

Task<Result<FoundMessage>> found_message(Conversation& conversation, StoredItem item) {
  CO_TRY(const mime::Structure structure, mime::decode(item.facts.structure));
  const MessageLayout layout = layout_of(structure.root);
  FoundMessage message;
  message.server_id = server_id({item.mailbox.mailbox, item.facts.uid});
  message.collection_id = wire_id(collection_of(item.mailbox.mailbox));
  message.properties = email_properties(structure, layout, source_of(item));
  message.display_cc = display_names(structure.envelope.cc);
  message.display_bcc = display_names(structure.envelope.bcc);
  message.has_attachments = std::any_of(layout.attachments.begin(), layout.attachments.end(),
                                        [](const AttachedPart& one) { return !one.is_inline; });
  BodyCandidate candidate = body_candidates(layout, preview_only(), item.facts.size).front();
  candidate.range.end = std::min(candidate.range.end, candidate.range.begin + kPreviewSourceOctetsMax);
  const auto reader = conversation.store().messages().open(item.mailbox.account, item.facts);
  CO_TRY(const std::string octets, co_await read_range(*reader, candidate.range));
  message.preview = render_body(candidate, octets).preview;
  co_return message;
}

Task<Result<void>> write_mail(Conversation& conversation, FoundMail found, Range range) {
  conversation.told_status = Status(FindStatus::ok).code;
  FoundPage page(conversation, std::move(found.newest), range);
  Reply reply(conversation.exchange);
  FindAnswer answer(reply.buffer(), "Mailbox", FindStatus::ok);
  while (true) {
    CO_TRY(std::optional<StoredItem> item, co_await page.next());
    if (!item) break;
    const ItemId id{item->mailbox.mailbox, item->facts.uid};
    auto message = co_await found_message(conversation, *std::move(item));
    if (!message) {
      CO_TRY_VOID(pass_over(conversation, id, message.error()));
      continue;
    }
    answer.found(*message);
    ++conversation.items;
    CO_TRY_VOID(co_await reply.flush());
  }
  answer.finish(range_shown(range, conversation.items), found.total);
  co_return co_await reply.finish();
}

Task<Result<void>> find_in_mailbox(Conversation& conversation, FindInMailbox find, Range range) {
  const auto today = std::chrono::floor<std::chrono::days>(conversation.services.clock.now());
  auto criteria = parse_kql(find.free_text, today);
  if (!criteria) co_return co_await refuse_find(conversation, FindStatus::invalid_request);
  CO_TRY(const std::vector<Mailbox> mailboxes,
         co_await conversation.store().mailboxes().list(conversation.account.id));
  std::vector<std::string> ids;
  if (!find.collection_id.empty()) ids.push_back(find.collection_id);
  auto folders = folders_named(mailboxes, ids, find.deep_traversal);
  if (!folders) co_return co_await refuse_find(conversation, FindStatus::folders_changed);
  MailSearch search;
  const bool is_about_mail = find.class_name.empty() || text::same(find.class_name, "Email");
  if (is_about_mail) search.mailboxes = *std::move(folders);
  search.criteria = *std::move(criteria);
  auto found = co_await find_mail(conversation, std::move(search));
  const bool too_slow = !found && found.error().kind == ErrorKind::timed_out;
  if (too_slow) co_return co_await refuse_find(conversation, CommonStatus::retry_later);
  if (!found) co_return std::move(found).error();
  co_return co_await write_mail(conversation, *std::move(found), range);
}

Task<Result<void>> find_people(Conversation& conversation, FindInGal find, Range range) {
  CO_TRY(const FoundEntries found,
         co_await find_in_gal(conversation, std::move(find.text), range, find.pictures.has_value()));
  std::string wbxml;
  FindAnswer writer(wbxml, "GAL", FindStatus::ok);
  for (const GalEntry& entry : found.entries) writer.found(entry);
  writer.finish(range_shown(range, found.entries.size()), found.total);
  conversation.items = static_cast<std::uint32_t>(found.entries.size());
  co_return co_await answer(conversation, FindStatus::ok, std::move(wbxml));
}

}  // namespace

Task<Result<void>> run_find(Conversation& conversation, std::optional<Document> document) {
  const bool is_known = conversation.request.version >= ProtocolVersion::v16_1;
  if (!is_known) co_return co_await refuse(conversation, CommonStatus::command_not_supported);
  if (!document) co_return co_await refuse_find(conversation, FindStatus::invalid_request);
  auto request = read_find(document->root());
  if (!request) co_return co_await refuse_find(conversation, request.refusal());
  const Range range = request->range;
  if (auto* gal = std::get_if<FindInGal>(&request->criterion)) {
    co_return co_await find_people(conversation, std::move(*gal), range);
  }
  FindInMailbox find = std::get<FindInMailbox>(std::move(request->criterion));
  co_return co_await find_in_mailbox(conversation, std::move(find), range);
}

}  // namespace postern::activesync
