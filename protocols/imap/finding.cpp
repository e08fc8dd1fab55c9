#include "protocols/imap/finding.h"

#include <algorithm>
#include <map>

#include "protocols/imap/condstore.h"
#include "protocols/imap/grammar/search.h"
#include "protocols/imap/progress.h"
#include "protocols/imap/response/mailboxes.h"
#include "protocols/imap/response/object_id.h"

namespace postern::imap {

namespace {

// Only what the client knows of: not the ghosts, and not what has arrived since.
Found in_view(const MailboxView& view, const UidSet& uids, bool as_uids, bool with_modseq) {
  Found found;
  view.snapshot()->each(uids, [&](std::size_t position, const MessageState& state) {
    found.uids.push_back(state.uid);
    found.numbers.push_back(as_uids ? raw(state.uid) : raw(view.number_at(position, state.uid)));
    if (with_modseq) found.modseqs.push_back(state.modseq);
  });
  return found;
}

// What of the found messages the answer is about: all of them, unless it names only the first, the last or a
// window. Its MODSEQ is of these (RFC 7162 §3.1.5), and these are what is saved (RFC 5182 §2.4, RFC 9394
// §3.2).
std::vector<std::pair<std::size_t, std::size_t>> places_meant(const std::optional<Search::Return>& returned,
                                                              std::size_t count) {
  if (count == 0) return {};
  if (!returned || returned->all || returned->count) return {{0, count}};
  if (!returned->min && !returned->max && !returned->partial) return {{0, count}};
  std::vector<std::pair<std::size_t, std::size_t>> places;
  if (returned->min) places.emplace_back(0, 1);
  if (returned->max) places.emplace_back(count - 1, count);
  if (returned->partial) places.push_back(places_in(*returned->partial, count));
  return places;
}

UidSet meant_by(const Found& found, const std::optional<Search::Return>& returned) {
  UidSet uids;
  for (const auto& [begin, end] : places_meant(returned, found.uids.size())) {
    for (std::size_t place = begin; place < end; ++place) uids.add(found.uids[place]);
  }
  return uids;
}

using EmailIds = std::map<std::string, UidSet>;

// The ids that the program asks for are looked for among all messages: no index knows them, and few ask.
Task<Result<EmailIds>> find_email_ids(MessageStore& messages, MailboxKey key, const MailboxView& view,
                                      const SearchProgram& program) {
  EmailIds ids;
  for (const SearchSet& set : program.sets) {
    if (set.kind == SearchSet::Kind::email_id) ids.try_emplace(set.email_id);
  }
  if (ids.empty()) co_return ids;
  for (Uid from{1};;) {
    const auto slice = view.take(UidSet::all(), from, MessageStore::kFactsMax);
    if (slice.empty()) co_return ids;
    UidSet uids;
    for (const MessageState& state : slice) uids.add(state.uid);
    CO_TRY(const std::vector<MessageFacts> facts, co_await messages.facts(key, uids, FetchDepth::facts));
    for (const MessageFacts& one : facts) {
      const auto asked = ids.find(email_id_text(one.blob));
      if (asked != ids.end()) asked->second.add(one.uid);
    }
    if (slice.back().uid == kUidMax) co_return ids;
    from = Uid(raw(slice.back().uid) + 1);
  }
}

}  // namespace

bool names(const SearchProgram& program, SearchSet::Kind kind) {
  return std::any_of(program.sets.begin(), program.sets.end(),
                     [kind](const SearchSet& set) { return set.kind == kind; });
}

std::optional<StatusResponse> refusal_of_charset(const Search& command) {
  if (!command.charset_refused) return std::nullopt;
  StatusResponse refused = no("", "Charset not known here");
  refused.code = ResponseCode::bad_charset(kSearchCharsets);
  return refused;
}

std::optional<StatusResponse> refusal_of_search(Selected& selected, const Search& command) {
  if (selected.user.uid_only && names(command.program, SearchSet::Kind::numbers)) {
    return bad("UIDREQUIRED", "Message numbers were given up");
  }
  auto refused = refusal_of_charset(command);
  if (refused && command.returned && command.returned->save) selected.saved = UidSet();
  return refused;
}

std::optional<ModSeq> modseq_of(const Found& found, const std::optional<Search::Return>& returned) {
  if (found.modseqs.empty()) return std::nullopt;
  ModSeq modseq{};
  for (const auto& [begin, end] : places_meant(returned, found.modseqs.size())) {
    for (std::size_t place = begin; place < end; ++place) modseq = std::max(modseq, found.modseqs[place]);
  }
  return modseq;
}

std::optional<Uid> keep_newest(Found& found, std::uint32_t messages_max) {
  if (found.uids.size() <= messages_max) return std::nullopt;
  const auto left_out = static_cast<std::ptrdiff_t>(found.uids.size() - messages_max);
  found.uids.erase(found.uids.begin(), found.uids.begin() + left_out);
  found.numbers.erase(found.numbers.begin(), found.numbers.begin() + left_out);
  if (!found.modseqs.empty()) found.modseqs.erase(found.modseqs.begin(), found.modseqs.begin() + left_out);
  return found.uids.front();
}

void save_found(Selected& selected, const Search& command, const Found& found) {
  if (command.returned && command.returned->save) selected.saved = meant_by(found, command.returned);
}

Task<Result<Found>> find_messages(Selected& selected, const Search& command) {
  auto found =
      co_await find_messages(selected.user, selected.mailbox.key, selected.view, selected.saved, command);
  if (!found && command.returned && command.returned->save) selected.saved = UidSet();
  co_return found;
}

Task<Result<Found>> find_messages(Authenticated& user, MailboxKey mailbox, const MailboxView& view,
                                  const UidSet& saved, const Search& command) {
  Session& session = user.session;
  if (command.program.uses_modseq) enable_condstore(user);
  CO_TRY(const EmailIds email_ids,
         co_await find_email_ids(session.messages(), mailbox, view, command.program));
  SearchView context;
  context.exists = view.exists();
  context.uid = [&view](std::uint32_t number) { return view.uid_at(SequenceNumber(number)); };
  context.recent = view.recent();
  context.saved = saved;
  context.with_email_id = [&email_ids](const std::string& id) { return email_ids.at(id); };
  context.now = session.services.clock.now();
  SearchCriteria criteria = resolve(command.program, context);

  const auto gone = [&session] { return session.io.stream().ended(); };
  std::function<bool()> cancelled = gone;
  auto searching = session.messages().search(mailbox, std::move(criteria), std::move(cancelled));
  const auto uids = co_await with_progress(session, std::move(searching));
  if (!uids) co_return uids.error();
  co_return in_view(view, *uids, command.uid, command.program.uses_modseq);
}

}  // namespace postern::imap
