// SORT (RFC 5256 §3, RFC 5267 §3.1, RFC 5957) and THREAD (RFC 5256 §3). What is compared is read a few
// hundred messages at a time, and kept for the next such command.
#include <algorithm>
#include <functional>
#include <iterator>

#include "gateway/async/worker.h"
#include "gateway/base/text.h"
#include "protocols/imap/base_subject.h"
#include "protocols/imap/commands/run.h"
#include "protocols/imap/finding.h"
#include "protocols/imap/order_cache.h"
#include "protocols/imap/progress.h"
#include "protocols/imap/response/mailboxes.h"
#include "protocols/imap/response/writer.h"
#include "protocols/imap/sort_order.h"
#include "protocols/imap/threading.h"

namespace postern::imap {

namespace {

// What SORT or THREAD compares, of one message.
using TakeFacts = std::function<Result<void>(const MessageFacts&)>;

// Gives the facts of each of the messages, which ascend; those that are gone are not among them.
Task<Result<void>> read_facts(Selected& selected, const std::vector<Uid>& wanted, FetchDepth depth,
                              Progress& progress, TakeFacts take) {
  progress.goal = wanted.size();
  for (std::size_t begin = 0; begin < wanted.size(); begin += MessageStore::kFactsMax) {
    progress.done = begin;
    UidSet uids;
    const std::size_t end = std::min(begin + MessageStore::kFactsMax, wanted.size());
    for (std::size_t place = begin; place < end; ++place) uids.add(wanted[place]);
    CO_TRY(const std::vector<MessageFacts> facts,
           co_await selected.user.session.messages().facts(selected.mailbox.key, std::move(uids), depth));
    for (const MessageFacts& one : facts) CO_TRY_VOID(take(one));
  }
  co_return Result<void>();
}

using SortColumns = std::vector<OrderColumnPtr<std::string>>;

std::vector<Uid> missing_in_any(const SortColumns& columns, const std::vector<Uid>& wanted) {
  std::vector<Uid> missing;
  for (const auto& column : columns) {
    std::vector<Uid> both;
    const std::vector<Uid> here = missing_in(*column, wanted);
    std::set_union(missing.begin(), missing.end(), here.begin(), here.end(), std::back_inserter(both));
    missing = std::move(both);
  }
  return missing;
}

// One for each key, of all that was found and is still there.
Task<Result<SortColumns>> sort_columns(Selected& selected, const Found& found,
                                       const std::vector<SortKey>& keys, Progress& progress) {
  OrderCache& cache = selected.user.session.orders;
  const MailboxKey mailbox = selected.mailbox.key;
  SortColumns columns;
  for (const SortKey& key : keys) columns.push_back(cache.of_sort(mailbox, key.kind));
  const std::vector<Uid> missing = missing_in_any(columns, found.uids);
  if (missing.empty()) co_return columns;
  std::vector<OrderColumn<std::string>> fresh(keys.size());
  const FetchDepth depth = asks_envelope(keys) ? FetchDepth::structure : FetchDepth::facts;
  TakeFacts take = [&keys, &fresh, depth](const MessageFacts& facts) -> Result<void> {
    mime::Envelope envelope;
    if (depth == FetchDepth::structure) {
      TRY(envelope, mime::decode_envelope(facts.structure));
    }
    for (std::size_t k = 0; k < keys.size(); ++k)
      fresh[k].add(facts.uid, sort_octets(keys[k].kind, facts, envelope));
    return {};
  };
  CO_TRY_VOID(co_await read_facts(selected, missing, depth, progress, std::move(take)));
  for (std::size_t k = 0; k < keys.size(); ++k)
    columns[k] = cache.add(mailbox, keys[k].kind, std::move(fresh[k]));
  co_return columns;
}

// What many messages need off the loop is not worth a thread's time for a few.
constexpr std::size_t kAtOnceMax = 1000;

Task<Result<Found>> sorted(Selected& selected, const Found& found, const std::vector<SortKey>& keys,
                           Progress& progress) {
  CO_TRY(const SortColumns columns, co_await sort_columns(selected, found, keys, progress));
  auto sort = [&keys, &columns, &found] { return places_in_order(keys, columns, found.uids); };
  std::vector<std::uint32_t> places;
  if (found.uids.size() <= kAtOnceMax) {
    places = sort();
  } else {
    places = co_await in_worker(selected.user.session.services.loop, std::move(sort));
  }
  Found in_order;
  for (const std::uint32_t place : places) {
    in_order.uids.push_back(found.uids[place]);
    in_order.numbers.push_back(found.numbers[place]);
    if (!found.modseqs.empty()) in_order.modseqs.push_back(found.modseqs[place]);
  }
  co_return in_order;
}

std::vector<std::string> references_of(const mime::ListHeaders& headers, const mime::Envelope& envelope) {
  for (const mime::ListHeader& header : headers.fields) {
    if (!text::same(header.name, "References")) continue;
    std::vector<std::string> ids = ids_in(header.raw);
    if (!ids.empty()) return ids;
  }
  // Of In-Reply-To only the first counts (RFC 5256 §3, step 1).
  std::vector<std::string> ids = ids_in(envelope.in_reply_to.value_or(""));
  if (ids.size() > 1) ids.resize(1);
  return ids;
}

Result<Threadable> threadable_of(const MessageFacts& facts) {
  TRY(const mime::Envelope envelope, mime::decode_envelope(facts.structure));
  TRY(const mime::ListHeaders headers, mime::decode_list_headers(facts.structure));
  const BaseSubject subject = base_subject(envelope.subject.value_or(""));
  Threadable message;
  message.sent = sent_time(facts, envelope);
  message.subject = subject.text;
  message.is_reply = subject.is_reply;
  const std::vector<std::string> own = ids_in(envelope.message_id.value_or(""));
  if (!own.empty()) message.message_id = own.front();
  message.references = references_of(headers, envelope);
  return message;
}

Task<Result<OrderColumnPtr<Threadable>>> thread_column(Selected& selected, const Found& found,
                                                       Progress& progress) {
  OrderCache& cache = selected.user.session.orders;
  const MailboxKey mailbox = selected.mailbox.key;
  OrderColumnPtr<Threadable> column = cache.of_thread(mailbox);
  const std::vector<Uid> missing = missing_in(*column, found.uids);
  if (missing.empty()) co_return column;
  OrderColumn<Threadable> fresh;
  TakeFacts take = [&fresh](const MessageFacts& facts) -> Result<void> {
    TRY(Threadable message, threadable_of(facts));
    fresh.add(facts.uid, std::move(message));
    return {};
  };
  CO_TRY_VOID(co_await read_facts(selected, missing, FetchDepth::structure, progress, std::move(take)));
  co_return cache.add(mailbox, std::move(fresh));
}

std::string threads_of(const Found& found, const OrderColumn<Threadable>& column, ThreadAlgorithm algorithm) {
  const std::vector<const Threadable*> known = aligned(column, found.uids);
  std::vector<Threadable> messages;
  messages.reserve(known.size());
  for (std::size_t place = 0; place < known.size(); ++place) {
    if (known[place] == nullptr) continue;
    messages.push_back(*known[place]);
    messages.back().number = found.numbers[place];
  }
  return algorithm == ThreadAlgorithm::references ? threads_by_references(std::move(messages))
                                                  : threads_by_subject(std::move(messages));
}

Task<Result<std::string>> threaded(Selected& selected, const Found& found, ThreadAlgorithm algorithm,
                                   Progress& progress) {
  CO_TRY(const OrderColumnPtr<Threadable> column, co_await thread_column(selected, found, progress));
  auto thread = [&found, column, algorithm] { return threads_of(found, *column, algorithm); };
  if (found.uids.size() <= kAtOnceMax) co_return thread();
  co_return co_await in_worker(selected.user.session.services.loop, std::move(thread));
}

}  // namespace

Task<Answer> run(Selected& selected, const Sort& command) {
  Session& session = selected.user.session;
  const Search& search = command.search;
  if (auto refused = refusal_of_search(selected, search)) co_return *std::move(refused);
  CO_TRY(const Found found, co_await find_messages(selected, search));
  Progress progress;
  auto sorting = sorted(selected, found, command.keys, progress);
  CO_TRY(const Found in_order, co_await with_progress(session, progress, std::move(sorting)));
  save_found(selected, search, in_order);
  const std::optional<ModSeq> modseq = modseq_of(in_order, search.returned);
  std::string& out = session.io.output();
  if (!search.returned) {
    print_sort(out, in_order.numbers, modseq);
  } else if (search.returned->answers()) {
    print_esearch(out, {session.tag(), search.uid, *search.returned, modseq}, in_order.numbers);
  }
  co_return ok("Sorted");
}

Task<Answer> run(Selected& selected, const Thread& command) {
  const Search& search = command.search;
  if (auto refused = refusal_of_search(selected, search)) co_return *std::move(refused);
  CO_TRY(const Found found, co_await find_messages(selected, search));
  Progress progress;
  auto threading = threaded(selected, found, command.algorithm, progress);
  CO_TRY(const std::string threads,
         co_await with_progress(selected.user.session, progress, std::move(threading)));
  Writer out(selected.user.session.io.output());
  out.raw("* THREAD");
  if (!threads.empty()) out.raw(" ").raw(threads);
  out.line_end();
  co_return ok("Threaded");
}

}  // namespace postern::imap
