#include "protocols/activesync/commands/draft_changes.h"

#include <algorithm>

#include "gateway/async/worker.h"
#include "gateway/base/text.h"
#include "protocols/activesync/commands/outgoing.h"
#include "protocols/activesync/commands/piece_reader.h"
#include "protocols/activesync/octet_fields.h"
#include "protocols/shared/digest.h"
#include "protocols/shared/host_name.h"

namespace postern::activesync {

namespace {

constexpr std::size_t kTokenOctets = 16;
constexpr std::size_t kDigestDigits = 32;  // of a Message-ID's halves
constexpr std::string_view kIdPrefix = "<draft.";

std::string short_digest(std::string_view octets) {
  return text::hex(sha256(octets)).substr(0, kDigestDigits);
}

// "<draft.ATTEMPT." of the same attempt, whatever it said then.
std::string attempt_prefix(const std::string& attempt) {
  return std::string(kIdPrefix) + short_digest(attempt) + '.';
}

Status status_of_failure(const Error& error) {
  if (error.kind == ErrorKind::over_quota) return SyncStatus::out_of_space;
  if (error.kind == ErrorKind::too_large) return CommonStatus::attachment_too_large;
  return SyncStatus::server_error;
}

DraftOutcome refused(Status status) {
  DraftOutcome outcome;
  outcome.status = status;
  return outcome;
}

// MS-ASCMD section 2.2.4: a draft has a status of its own for what is missing.
Status status_of_sending(Status status) {
  const bool no_address =
      status == Status(CommonStatus::no_recipient) || status == Status(CommonStatus::recipient_unresolved);
  return no_address ? Status(CommonStatus::draft_recipients_invalid) : status;
}

Flags draft_flags(const EmailChange& change, Flags flags) {
  flags.set(SystemFlag::draft).set(SystemFlag::seen);
  if (change.flag && change.flag->status == FlagStatus::active) flags.set(SystemFlag::flagged);
  for (const std::string& category : change.categories.value_or(std::vector<std::string>())) {
    if (check_keyword(category)) flags.add_keyword(category);
  }
  return flags;
}

}  // namespace

std::string DraftRun::attempt(std::string_view kind, std::string_view id) const {
  OctetWriter out;
  out.text(conversation_.request.device_id);
  out.number(static_cast<std::uint64_t>(raw(drafts_.mailbox)));
  out.text(sync_key_);
  out.text(kind);
  out.text(id);
  return out.take();
}

DraftIdentity DraftRun::identity_of(const std::string& attempt, const Draft& draft) const {
  DraftIdentity identity;
  identity.from = conversation_.account.address;
  identity.message_id = attempt_prefix(attempt) + short_digest(draft_content(draft)) + '@' +
                        host_name(conversation_.settings.server) + '>';
  identity.written = conversation_.services.clock.now();
  return identity;
}

Task<Result<mime::Pieces>> DraftRun::compose(const Draft& draft, const StoredDraft* before,
                                             DraftIdentity identity) {
  // What it points to belongs to frames that wait for it.
  auto work = [&draft, before, identity = std::move(identity),
               token = text::hex(random_octets(kTokenOctets))] {
    return mime::compose(draft_composition(draft, before, identity), token);
  };
  co_return co_await in_worker(conversation_.services.loop, std::move(work));
}

Task<Result<void>> DraftRun::find_earlier() {
  if (earlier_) co_return Result<void>();
  std::vector<Earlier> found;
  CO_TRY(const SnapshotPtr now, co_await messages().snapshot(drafts_));
  UidSet arrived;
  now->each(UidSet::of(arrived_from_, kUidMax), [&arrived](std::size_t, const MessageState& state) {
    if (arrived.size() < MessageStore::kFactsMax) arrived.add(state.uid);
  });
  std::vector<MessageFacts> facts;
  if (!arrived.empty()) {
    CO_TRY(facts, co_await messages().facts(drafts_, std::move(arrived), FetchDepth::structure));
  }
  for (const MessageFacts& one : facts) {
    CO_TRY(const mime::Envelope envelope, mime::decode_envelope(one.structure));
    const MessageState* state = now->find(one.uid);
    if (state == nullptr || !envelope.message_id) continue;
    const std::string_view id = text::trim(*envelope.message_id);
    if (id.starts_with(kIdPrefix)) found.push_back({one.uid, state->modseq, std::string(id)});
  }
  earlier_ = std::move(found);
  co_return Result<void>();
}

Task<Result<DraftOutcome>> DraftRun::save(mime::Pieces pieces, std::unique_ptr<MessageReader> stored,
                                          Flags flags, const std::string& message_id) {
  DraftOutcome outcome;
  CO_TRY_VOID(co_await find_earlier());
  const std::size_t digits = kIdPrefix.size() + kDigestDigits;
  std::vector<Uid> other_words;  // of the same attempt
  for (const Earlier& one : *earlier_) {
    if (one.message_id.substr(0, digits) != message_id.substr(0, digits)) continue;
    if (one.message_id == message_id) {
      outcome.uid = one.uid;
      own_.modseqs.push_back(one.modseq);
    } else {
      other_words.push_back(one.uid);
    }
  }
  if (!outcome.uid) {
    const auto sink = messages().receive(drafts_.account, std::string());
    PieceReader reader(std::move(pieces), std::move(stored));
    while (true) {
      CO_TRY(const std::string octets, co_await reader.next());
      if (octets.empty()) break;
      CO_TRY_VOID(co_await sink->write(octets));
      const bool too_large = sink->size() > conversation_.settings.submission.message_octets_max;
      if (too_large) co_return refused(CommonStatus::attachment_too_large);
    }
    CO_TRY(const StagedMessage staged, co_await sink->finish());
    NewMessage with;
    with.flags = std::move(flags);
    auto appended = co_await messages().append(staged, drafts_, std::move(with));
    const bool may_pass = !appended && appended.error().kind == ErrorKind::unavailable;
    if (may_pass) co_return std::move(appended).error();
    if (!appended) co_return refused(status_of_failure(appended.error()));
    outcome.uid = appended->uid;
    own_.modseqs.push_back(appended->modseq);
  }
  state_.known.add(*outcome.uid);
  for (const Uid uid : other_words) CO_TRY_VOID(co_await remove(uid));
  co_return outcome;
}

Task<Result<void>> DraftRun::remove(Uid uid) {
  CO_TRY_VOID(co_await messages().remove(drafts_, UidSet::one(uid), conversation_.removal()));
  own_.removed.add(uid);
  co_return Result<void>();
}

Task<Result<DraftOutcome>> DraftRun::send(mime::Pieces pieces, std::unique_ptr<MessageReader> stored,
                                          std::string name) {
  const auto forbidden = sending_refusal(conversation_);
  if (forbidden) co_return refused(*forbidden);
  SubmissionRequest request = outgoing_request(conversation_, text::hex(sha256(name)), true);
  Submission submission(conversation_.services, conversation_.settings, std::move(request));
  PieceReader reader(std::move(pieces), std::move(stored));
  while (true) {
    CO_TRY(const std::string octets, co_await reader.next());
    if (octets.empty()) break;
    co_await submission.write(octets);
  }
  const SubmissionOutcome outcome = co_await submission.finish();
  const auto status = status_of(conversation_, outcome);
  if (status) co_return refused(status_of_sending(*status));
  co_return DraftOutcome();
}

Task<Result<DraftOutcome>> DraftRun::add(const ClientAdd& add) {
  const Draft draft = add.change->draft.value_or(Draft());
  const bool incomplete = add.send && has_half_address(draft, nullptr);
  if (incomplete) co_return refused(CommonStatus::draft_recipients_invalid);
  const std::string name = attempt("add", add.client_id);
  const DraftIdentity identity = identity_of(name, draft);
  CO_TRY(mime::Pieces pieces, co_await compose(draft, nullptr, identity));
  if (add.send) co_return co_await send(std::move(pieces), nullptr, name);
  Flags flags = draft_flags(*add.change, Flags());
  co_return co_await save(std::move(pieces), nullptr, std::move(flags), identity.message_id);
}

Task<Result<DraftOutcome>> DraftRun::change(const ClientChange& change, Uid uid, Uid told) {
  CO_TRY(const SnapshotPtr now, co_await messages().snapshot(drafts_));
  CO_TRY(const std::vector<MessageFacts> facts,
         co_await messages().facts(drafts_, UidSet::one(uid), FetchDepth::structure));
  const MessageState* state = now->find(uid);
  if (state == nullptr || facts.empty()) co_return refused(SyncStatus::not_found);
  StoredDraft before;
  CO_TRY(before.structure, mime::decode(facts.front().structure));
  auto reader = messages().open(drafts_.account, facts.front());
  const mime::OctetRange header = before.structure.root.header;
  if (header.size() > mime::kOutgoingHeaderOctetsMax) co_return refused(SyncStatus::server_error);
  CO_TRY(before.header, co_await read_range(*reader, header));

  const Draft draft = change.change ? change.change->draft.value_or(Draft()) : Draft();
  const bool is_said = change.change && change.change->draft;
  const bool incomplete = change.send && has_half_address(draft, &before.structure);
  if (incomplete) co_return refused(CommonStatus::draft_recipients_invalid);
  const std::string name = attempt("change", server_id({drafts_.mailbox, told}));
  const DraftIdentity identity = identity_of(name, draft);
  mime::Pieces pieces;
  if (is_said) {
    CO_TRY(pieces, co_await compose(draft, &before, identity));
  } else {
    pieces.push_back(mime::stored_piece({0, facts.front().size}));
  }
  if (change.send) {
    CO_TRY(const DraftOutcome sent, co_await send(std::move(pieces), std::move(reader), name));
    const bool is_gone = sent.status == Status(SyncStatus::ok);
    // Told to the device as a deletion like any other: it has asked for a change.
    if (is_gone) CO_TRY_VOID(co_await messages().remove(drafts_, UidSet::one(uid), conversation_.removal()));
    co_return sent;
  }
  Flags flags = now->flags(*state);
  flags.set(SystemFlag::draft);
  CO_TRY(const DraftOutcome saved,
         co_await save(std::move(pieces), std::move(reader), std::move(flags), identity.message_id));
  if (!saved.uid) co_return saved;
  CO_TRY_VOID(co_await remove(uid));
  rename(state_, told, *saved.uid);
  CO_TRY(const std::vector<MessageFacts> after,
         co_await messages().facts(drafts_, UidSet::one(*saved.uid), FetchDepth::structure));
  if (after.empty()) co_return saved;
  CO_TRY(const mime::Structure structure, mime::decode(after.front().structure));
  // The device is told the whole draft again, with the new references.
  if (renumbers_attachments(draft, before.structure, structure)) state_.to_change.add(*saved.uid);
  co_return saved;
}

}  // namespace postern::activesync
