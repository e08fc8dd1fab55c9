// Search in the mailbox and in the address book. MS-ASCMD section 2.2.1.16. What was found is not kept for
// the next range: each request searches anew, so RebuildResults changes nothing.
#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/activesync/commands/gal_search.h"
#include "protocols/activesync/commands/mail_search.h"
#include "protocols/activesync/commands/skipped.h"
#include "protocols/activesync/schema/kql.h"
#include "protocols/activesync/schema/kql_terms.h"
#include "protocols/activesync/schema/search.h"

namespace postern::activesync {

namespace {

Task<Result<void>> refuse_search(Conversation& conversation, Status status) {
  std::string wbxml;
  write_search_refusal(wbxml, status);
  co_return co_await answer(conversation, status, std::move(wbxml));
}

// Beyond what one answer holds, the client is told that there is more range than results (R3736).
Status status_of(Range range) {
  return range.last - range.first < kResultsMax ? SearchStatus::ok : SearchStatus::end_of_range;
}

SearchKey on_side(SearchKind kind, WallTime time, int days_on) {
  SearchKey key;
  key.kind = kind;
  key.day = std::chrono::floor<std::chrono::days>(time) + std::chrono::days(days_on);
  return key;
}

class MailboxSearch {
 public:
  MailboxSearch(Conversation& conversation, SearchRequest request, MailboxQuery query)
      : conversation_(conversation), request_(std::move(request)), query_(std::move(query)) {}

  Task<Result<void>> all() {
    CO_TRY(const std::vector<Mailbox> mailboxes,
           co_await conversation_.store().mailboxes().list(conversation_.account.id));
    auto folders = folders_named(mailboxes, query_.collection_ids, request_.deep_traversal);
    if (!folders) co_return co_await refuse_search(conversation_, SearchStatus::folders_changed);
    if (!is_about_mail()) co_return co_await write(FoundMail());
    auto criteria = co_await criteria_in(*folders);
    if (!criteria) co_return co_await answer_without(criteria.error());
    MailSearch search;
    search.mailboxes = *std::move(folders);
    search.criteria = *std::move(criteria);
    search.received_after = query_.received_after;
    search.received_before = query_.received_before;
    auto found = co_await find_mail(conversation_, std::move(search));
    if (!found) co_return co_await answer_without(found.error());
    co_return co_await write(*std::move(found));
  }

 private:
  bool is_about_mail() const {
    return query_.classes.empty() || std::any_of(query_.classes.begin(), query_.classes.end(),
                                                 [](const auto& one) { return text::same(one, "Email"); });
  }

  Task<Result<void>> answer_without(Error error) {
    switch (error.kind) {
      case ErrorKind::not_found: co_return co_await write(FoundMail());
      case ErrorKind::invalid: co_return co_await refuse_search(conversation_, SearchStatus::invalid_request);
      case ErrorKind::too_large: co_return co_await refuse_search(conversation_, SearchStatus::too_complex);
      case ErrorKind::timed_out: co_return co_await refuse_search(conversation_, SearchStatus::timed_out);
      default: co_return error;
    }
  }

  // not_found: no message is of that conversation.
  Task<Result<SearchCriteria>> criteria_in(std::vector<Mailbox> folders) {
    std::vector<SearchKey> keys;
    const auto today = std::chrono::floor<std::chrono::days>(conversation_.services.clock.now());
    for (const std::string& text : query_.free_texts) {
      CO_TRY(SearchKey key, parse_kql(text, today));
      keys.push_back(std::move(key));
    }
    if (query_.received_after) {
      keys.push_back(on_side(SearchKind::internal_since, *query_.received_after, 0));
    }
    if (query_.received_before) {
      keys.push_back(on_side(SearchKind::internal_before, *query_.received_before, 1));
    }
    if (!query_.conversation_id.empty()) {
      CO_TRY(SearchKey key,
             co_await find_conversation(conversation_, std::move(folders), query_.conversation_id));
      keys.push_back(std::move(key));
    }
    co_return all_of(std::move(keys));
  }

  Task<Result<void>> write(FoundMail found) {
    FoundPage page(conversation_, std::move(found.newest), request_.range);
    const bool beyond = page.empty() && request_.range.first > 0;
    const Status status = beyond ? Status(SearchStatus::end_of_range) : status_of(request_.range);
    conversation_.told_status = status.code;
    Reply reply(conversation_.exchange);
    SearchAnswer answer(reply.buffer(), conversation_.request.version, status);
    while (true) {
      CO_TRY(std::optional<StoredItem> item, co_await page.next());
      if (!item) break;
      const ItemId id{item->mailbox.mailbox, item->facts.uid};
      auto properties = co_await render_item(conversation_.services, *std::move(item), request_.body);
      if (!properties) {
        CO_TRY_VOID(pass_over(conversation_, id, properties.error()));
        continue;
      }
      answer.found(server_id(id), wire_id(collection_of(id.mailbox)), *properties);
      ++conversation_.items;
      CO_TRY_VOID(co_await reply.flush());
    }
    answer.finish(range_shown(request_.range, conversation_.items), found.total);
    co_return co_await reply.finish();
  }

  Conversation& conversation_;
  const SearchRequest request_;
  const MailboxQuery query_;
};

Task<Result<void>> search_gal(Conversation& conversation, GalQuery query, Range range) {
  const Status status = status_of(range);
  CO_TRY(const FoundEntries found,
         co_await find_in_gal(conversation, std::move(query.text), range, query.pictures.has_value()));
  std::string wbxml;
  SearchAnswer writer(wbxml, conversation.request.version, status);
  for (const GalEntry& entry : found.entries) writer.found(entry);
  writer.finish(range_shown(range, found.entries.size()), found.total);
  conversation.items = static_cast<std::uint32_t>(found.entries.size());
  co_return co_await answer(conversation, status, std::move(wbxml));
}

}  // namespace

Task<Result<void>> run_search(Conversation& conversation, std::optional<Document> document) {
  if (!document) co_return co_await refuse_search(conversation, SearchStatus::invalid_request);
  auto request = read_search(document->root());
  if (!request) co_return co_await refuse_search(conversation, request.refusal());
  if (auto* gal = std::get_if<GalQuery>(&request->query)) {
    GalQuery query = std::move(*gal);
    co_return co_await search_gal(conversation, std::move(query), request->range);
  }
  MailboxQuery query = std::get<MailboxQuery>(std::move(request->query));
  MailboxSearch search(conversation, std::move(*request), std::move(query));
  co_return co_await search.all();
}

}  // namespace postern::activesync
