#include "protocols/imap/catenate.h"

#include "protocols/imap/fetch_plan.h"
#include "protocols/imap/grammar/message_url.h"
#include "storage/mime/header.h"

namespace postern::imap {

namespace {

constexpr std::size_t kSliceOctets = 64 * 1024;

Error bad_url() {
  return Error(ErrorKind::not_found, "nothing there");
}

Task<Result<MailboxKey>> mailbox_of(Authenticated& user, const MessageUrl& url) {
  Session& session = user.session;
  MailboxStatus status;
  MailboxKey key;
  if (url.mailbox) {
    const MailboxName name = *url.mailbox;
    CO_TRY(const Mailbox mailbox, co_await session.mailboxes().find(user.account, name));
    key = mailbox.key;
    status = mailbox.status;
  } else if (session.selected) {
    key = session.selected->mailbox.key;
    status = session.selected->view.snapshot()->status();
  } else {
    co_return bad_url();
  }
  if (url.uid_validity && *url.uid_validity != status.uid_validity) co_return bad_url();
  co_return key;
}

Task<Result<std::string>> chosen_fields(MessageReader& reader, Section section, mime::OctetRange range) {
  const bool only = section.kind == SectionKind::header_fields;
  mime::FieldFilter filter(only ? mime::FieldSelection::only : mime::FieldSelection::all_but, section.fields);
  const std::uint64_t end = std::min(range.end, range.begin + mime::kHeaderOctetsMax);
  std::string fields;
  for (std::uint64_t at = range.begin; at < end;) {
    const std::size_t octets_max = std::min<std::uint64_t>(end - at, kSliceOctets);
    CO_TRY(const std::string_view slice, co_await reader.read(at, octets_max));
    if (slice.empty()) co_return Error(ErrorKind::internal, "message is shorter than its structure");
    at += slice.size();
    filter.feed(slice, fields);
  }
  filter.finish(fields);
  co_return fields;
}

Task<Result<void>> copy_range(MessageReader& reader, mime::OctetRange range, MessageSink& sink) {
  std::string piece;
  for (std::uint64_t at = range.begin; at < range.end;) {
    const std::size_t octets_max = std::min<std::uint64_t>(range.end - at, kSliceOctets);
    CO_TRY(const std::string_view slice, co_await reader.read(at, octets_max));
    if (slice.empty()) co_return Error(ErrorKind::internal, "message is shorter than its structure");
    at += slice.size();
    piece = slice;  // the view does not outlive the wait for the sink
    CO_TRY_VOID(co_await sink.write(piece));
  }
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> append_url(Authenticated& user, std::string url, MessageSink& sink,
                              std::uint64_t octets_max) {
  const Result<MessageUrl> parsed = parse_message_url(url);
  if (!parsed) co_return bad_url();
  CO_TRY(const MailboxKey key, co_await mailbox_of(user, *parsed));
  MessageStore& messages = user.session.messages();
  // Only what is in the mailbox: facts are kept beyond it.
  CO_TRY(const SnapshotPtr snapshot, co_await messages.snapshot(key));
  if (snapshot->find(parsed->uid) == nullptr) co_return bad_url();
  CO_TRY(const std::vector<MessageFacts> found,
         co_await messages.facts(key, UidSet::one(parsed->uid), FetchDepth::structure));
  if (found.empty()) co_return bad_url();
  CO_TRY(const mime::Part root, mime::decode_root(found.front().structure));
  const FetchItem& part = parsed->part;
  const auto range = section_octets(part, root, found.front().size);
  if (!range) co_return bad_url();
  const auto reader = messages.open(key.account, found.front());
  if (chooses_fields(part.section)) {
    CO_TRY(std::string fields, co_await chosen_fields(*reader, part.section, *range));
    const mime::OctetRange all{0, fields.size()};
    const mime::OctetRange wanted = cut(part.partial, all);
    if (wanted.size() > octets_max) co_return Error(ErrorKind::too_large, "beyond the limit of a message");
    const std::string octets = fields.substr(wanted.begin, wanted.size());
    co_return co_await sink.write(octets);
  }
  const mime::OctetRange wanted = cut(part.partial, *range);
  if (wanted.size() > octets_max) co_return Error(ErrorKind::too_large, "beyond the limit of a message");
  co_return co_await copy_range(*reader, wanted, sink);
}

}  // namespace postern::imap
