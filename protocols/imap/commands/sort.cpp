// SORT (RFC 5256 §3, RFC 5267 §3.1, RFC 5957) and THREAD (RFC 5256 §3). What is compared is read a few
// hundred messages at a time.
#include "gateway/base/text.h"
#include "protocols/imap/base_subject.h"
#include "protocols/imap/commands/run.h"
#include "protocols/imap/finding.h"
#include "protocols/imap/progress.h"
#include "protocols/imap/response/mailboxes.h"
#include "protocols/imap/response/writer.h"
#include "protocols/imap/sort_order.h"
#include "protocols/imap/threading.h"

namespace postern::imap {

namespace {

// The facts of the next few of the found messages, which are in the order of UIDs; those that are gone are
// not among them.
Task<Result<std::vector<MessageFacts>>> next_facts(Selected& selected, const Found& found, std::size_t begin,
                                                   FetchDepth depth) {
  UidSet uids;
  const std::size_t end = std::min(begin + MessageStore::kFactsMax, found.uids.size());
  for (std::size_t place = begin; place < end; ++place) uids.add(found.uids[place]);
  co_return co_await selected.user.session.messages().facts(selected.mailbox.key, std::move(uids), depth);
}

// Where in `found` the message is, from `place` on.
std::size_t place_of(const Found& found, std::size_t place, Uid uid) {
  while (found.uids[place] < uid) ++place;
  return place;
}

Task<Result<Found>> sorted(Selected& selected, const Found& found, const std::vector<SortKey>& keys,
                           Progress& progress) {
  const FetchDepth depth = asks_envelope(keys) ? FetchDepth::structure : FetchDepth::facts;
  std::vector<Sortable> messages;
  progress.goal = found.uids.size();
  for (std::size_t begin = 0; begin < found.uids.size(); begin += MessageStore::kFactsMax) {
    progress.done = begin;
    CO_TRY(const std::vector<MessageFacts> facts, co_await next_facts(selected, found, begin, depth));
    std::size_t place = begin;
    for (const MessageFacts& one : facts) {
      mime::Envelope envelope;
      if (depth == FetchDepth::structure) {
        CO_TRY(envelope, mime::decode_envelope(one.structure));
      }
      place = place_of(found, place, one.uid);
      messages.push_back(sortable_of(one, envelope, keys));
      messages.back().number = static_cast<std::uint32_t>(place);
    }
  }
  sort_by(keys, messages);
  Found in_order;
  for (const Sortable& message : messages) {
    in_order.uids.push_back(message.uid);
    in_order.numbers.push_back(found.numbers[message.number]);
    if (!found.modseqs.empty()) in_order.modseqs.push_back(found.modseqs[message.number]);
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

Result<Threadable> threadable_of(const MessageFacts& facts, std::uint32_t number) {
  TRY(const mime::Envelope envelope, mime::decode_envelope(facts.structure));
  TRY(const mime::ListHeaders headers, mime::decode_list_headers(facts.structure));
  const BaseSubject subject = base_subject(envelope.subject.value_or(""));
  Threadable message;
  message.number = number;
  message.sent = sent_time(facts, envelope);
  message.subject = subject.text;
  message.is_reply = subject.is_reply;
  const std::vector<std::string> own = ids_in(envelope.message_id.value_or(""));
  if (!own.empty()) message.message_id = own.front();
  message.references = references_of(headers, envelope);
  return message;
}

Task<Result<std::vector<Threadable>>> threadables(Selected& selected, const Found& found,
                                                  Progress& progress) {
  std::vector<Threadable> messages;
  progress.goal = found.uids.size();
  for (std::size_t begin = 0; begin < found.uids.size(); begin += MessageStore::kFactsMax) {
    progress.done = begin;
    CO_TRY(const std::vector<MessageFacts> facts,
           co_await next_facts(selected, found, begin, FetchDepth::structure));
    std::size_t place = begin;
    for (const MessageFacts& one : facts) {
      place = place_of(found, place, one.uid);
      CO_TRY(Threadable message, threadable_of(one, found.numbers[place]));
      messages.push_back(std::move(message));
    }
  }
  co_return messages;
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
  auto reading = threadables(selected, found, progress);
  CO_TRY(std::vector<Threadable> messages,
         co_await with_progress(selected.user.session, progress, std::move(reading)));
  const std::string threads = command.algorithm == ThreadAlgorithm::references
                                  ? threads_by_references(std::move(messages))
                                  : threads_by_subject(std::move(messages));
  Writer out(selected.user.session.io.output());
  out.raw("* THREAD");
  if (!threads.empty()) out.raw(" ").raw(threads);
  out.line_end();
  co_return ok("Threaded");
}

}  // namespace postern::imap
