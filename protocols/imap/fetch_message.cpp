#include "protocols/imap/fetch_message.h"

#include "protocols/imap/decoded_section.h"
#include "protocols/imap/preview.h"
#include "storage/mime/header.h"
#include "storage/mime/text_body.h"

namespace postern::imap {

namespace {

constexpr std::size_t kSliceOctets = 64 * 1024;
constexpr std::size_t kCopiedOctetsMax = 16 * 1024;  // smaller slices share a write

class MessagePrinter {
 public:
  MessagePrinter(Selected& selected, const FetchedMessage& message)
      : session_(selected.user.session),
        key_(selected.mailbox.key),
        subject_(selected.subject(message.state.uid)),
        global_(selected.user.names() == NameSpelling::utf8 ? GlobalMessages::messages
                                                            : GlobalMessages::leaves),
        message_(message) {}

  // What may fail, before the response has begun.
  Task<Result<Fetched>> prepare(const FetchPlan& plan) {
    const std::string& structure = message_.facts->structure;
    if (plan.envelope) {
      CO_TRY(envelope_, mime::decode_envelope(structure));
    }
    if (plan.list_headers) {
      CO_TRY(list_headers_, mime::decode_list_headers(structure));
    }
    // Whoever has not all of the kept fields must find the header in the octets.
    if (plan.parts || (plan.list_headers && !list_headers_.complete)) {
      CO_TRY(root_, mime::decode_root(structure));
    }
    for (const PlannedItem& planned : plan.items) {
      if (planned.item.is_binary() && !encoding_of(planned.item, root_)) co_return Fetched::undecodable;
    }
    for (const PlannedItem& planned : plan.items) {
      if (!planned.item.has_octets() || (planned.kept_fields && list_headers_.complete)) continue;
      reader_ = session_.messages().open(key_.account, *message_.facts);
      const auto range = section_octets(planned.item, root_, message_.facts->size);
      if (!range) continue;
      const auto first = co_await reader_->read(range->begin, 1);
      if (!first && first.error().kind == ErrorKind::not_found) co_return Fetched::gone;
      if (!first) co_return first.error();
      break;
    }
    if (plan.preview) co_return co_await read_preview();
    co_return Fetched::printed;
  }

  // From here on a response has begun that only its whole can end: an error costs the connection.
  Task<Result<void>> print(const FetchPlan& plan, FlagTexts& texts) {
    FetchResponse response(session_.io.output(), subject_);
    bool flags_told = false;
    bool modseq_told = false;
    for (const PlannedItem& planned : plan.items) {
      switch (planned.item.kind) {
        case FetchKind::flags:
          response.flags(texts.of(message_.state));
          flags_told = true;
          break;
        case FetchKind::modseq:
          response.modseq(message_.state.modseq);
          modseq_told = true;
          break;
        case FetchKind::uid: response.uid(message_.state.uid); break;
        case FetchKind::email_id: response.email_id(message_.facts->blob); break;
        case FetchKind::thread_id: response.thread_id(); break;
        case FetchKind::save_date: response.save_date(message_.facts->save_date); break;
        case FetchKind::internal_date:
          response.internal_date(message_.facts->internal_date, message_.facts->internal_zone_minutes);
          break;
        case FetchKind::rfc822_size: response.rfc822_size(message_.facts->size); break;
        case FetchKind::envelope: response.envelope(envelope_); break;
        case FetchKind::body: response.body(root_, global_); break;
        case FetchKind::body_structure: response.body_structure(root_, global_); break;
        case FetchKind::preview: response.preview(preview_); break;
        case FetchKind::binary:
        case FetchKind::binary_size: CO_TRY_VOID(co_await print_binary(response, planned)); break;
        case FetchKind::section:
        case FetchKind::rfc822:
        case FetchKind::rfc822_header:
        case FetchKind::rfc822_text: CO_TRY_VOID(co_await print_section(response, planned)); break;
      }
    }
    if (message_.tell_flags && !flags_told) response.flags(texts.of(message_.state));
    if (message_.tell_flags && message_.tell_modseq && !modseq_told) response.modseq(message_.state.modseq);
    response.finish();
    co_return co_await session_.flush_if_full();
  }

 private:
  Task<Result<void>> print_section(FetchResponse& response, const PlannedItem& planned) {
    const FetchItem& item = planned.item;
    auto fields = kept_fields(planned, list_headers_);
    if (!fields) {
      const auto range = section_octets(item, root_, message_.facts->size);
      if (!range) {
        response.section_nil(planned.section_name);
        co_return Result<void>();
      }
      if (!chooses_fields(item.section)) {
        const mime::OctetRange wanted = cut(item.partial, *range);
        response.section(planned.section_name, wanted.size());
        co_return co_await send(wanted);
      }
      CO_TRY(fields, co_await choose_fields(item.section, *range));
    }
    const mime::OctetRange all{0, fields->size()};
    const mime::OctetRange wanted = cut(item.partial, all);
    response.section(planned.section_name, wanted.size());
    session_.io.put(std::string_view(*fields).substr(wanted.begin, wanted.size()));
    co_return co_await session_.flush_if_full();
  }

  Task<Result<Fetched>> read_preview() {
    const mime::Part* part = preview_part(root_);
    if (part == nullptr) co_return Fetched::printed;
    const auto reader = session_.messages().open(key_.account, *message_.facts);
    const std::uint64_t end = std::min(part->body.end, part->body.begin + kPreviewSourceOctetsMax);
    mime::TextBody text(*part, kPreviewSourceOctetsMax);
    for (std::uint64_t at = part->body.begin; at < end && !text.full();) {
      auto slice = co_await reader->read(at, static_cast<std::size_t>(end - at));
      if (!slice && slice.error().kind == ErrorKind::not_found) co_return Fetched::gone;
      if (!slice) co_return slice.error();
      if (slice->empty()) break;
      at += slice->size();
      text.feed(*slice);
    }
    preview_ = preview_of(text.finish());
    co_return Fetched::printed;
  }

  Task<Result<void>> print_binary(FetchResponse& response, const PlannedItem& planned) {
    const FetchItem& item = planned.item;
    const auto range = section_octets(item, root_, message_.facts->size);
    if (!range) {
      if (item.kind == FetchKind::binary) response.section_nil(planned.section_name);
      if (item.kind == FetchKind::binary_size) response.binary_size(planned.section_name, 0);
      co_return Result<void>();
    }
    DecodedSection decoded(*reader_, *range, encoding_of(item, root_).value());
    CO_TRY(const DecodedSection::Measure measure, co_await decoded.measure());
    if (item.kind == FetchKind::binary_size) {
      response.binary_size(planned.section_name, measure.octets);
      co_return Result<void>();
    }
    const mime::OctetRange all{0, measure.octets};
    const mime::OctetRange wanted = cut(item.partial, all);
    response.binary(planned.section_name, wanted.size(), measure.has_nul);
    decoded.rewind();
    for (std::uint64_t at = 0; at < wanted.end;) {
      CO_TRY(std::string_view some, co_await decoded.next());
      if (some.empty()) co_return Error(ErrorKind::internal, "a part decoded differently the second time");
      const std::uint64_t begin = std::max(at, wanted.begin);
      const std::uint64_t end = std::min(at + some.size(), wanted.end);
      if (begin < end) session_.io.put(some.substr(begin - at, end - begin));
      at += some.size();
      CO_TRY_VOID(co_await session_.flush_if_full());
    }
    co_return Result<void>();
  }

  Task<Result<void>> send(mime::OctetRange range) {
    for (std::uint64_t at = range.begin; at < range.end;) {
      const std::size_t octets_max = std::min<std::uint64_t>(range.end - at, kSliceOctets);
      CO_TRY(const std::string_view slice, co_await reader_->read(at, octets_max));
      if (slice.empty()) co_return Error(ErrorKind::internal, "message is shorter than its structure");
      at += slice.size();
      if (slice.size() <= kCopiedOctetsMax) {
        session_.io.put(slice);
        CO_TRY_VOID(co_await session_.flush_if_full());
      } else {
        CO_TRY_VOID(co_await session_.write(slice));
      }
    }
    co_return Result<void>();
  }

  // Of an enormous header only what the structure describes is looked at, too.
  Task<Result<std::string>> choose_fields(const Section& section, mime::OctetRange range) {
    const bool only = section.kind == SectionKind::header_fields;
    mime::FieldFilter filter(only ? mime::FieldSelection::only : mime::FieldSelection::all_but,
                             section.fields);
    const std::uint64_t end = std::min(range.end, range.begin + mime::kHeaderOctetsMax);
    std::string fields;
    for (std::uint64_t at = range.begin; at < end;) {
      const std::size_t octets_max = std::min<std::uint64_t>(end - at, kSliceOctets);
      CO_TRY(const std::string_view slice, co_await reader_->read(at, octets_max));
      if (slice.empty()) co_return Error(ErrorKind::internal, "message is shorter than its structure");
      at += slice.size();
      filter.feed(slice, fields);
    }
    filter.finish(fields);
    co_return fields;
  }

  Session& session_;
  const MailboxKey key_;
  const FetchSubject subject_;
  const GlobalMessages global_;
  const FetchedMessage& message_;
  mime::Envelope envelope_;
  std::string preview_;
  mime::ListHeaders list_headers_;
  mime::Part root_;
  std::unique_ptr<MessageReader> reader_;
};

}  // namespace

void print_state(Selected& selected, const FetchPlan& plan, const MessageState& state, FlagTexts& texts) {
  FetchResponse response(selected.user.session.io.output(), selected.subject(state.uid));
  for (const PlannedItem& planned : plan.items) {
    if (planned.item.kind == FetchKind::flags) response.flags(texts.of(state));
    if (planned.item.kind == FetchKind::uid) response.uid(state.uid);
    if (planned.item.kind == FetchKind::modseq) response.modseq(state.modseq);
    if (planned.item.kind == FetchKind::thread_id) response.thread_id();
  }
  response.finish();
}

Task<Result<Fetched>> print_message(Selected& selected, const FetchPlan& plan, const FetchedMessage& message,
                                    FlagTexts& texts) {
  MessagePrinter printer(selected, message);
  CO_TRY(const Fetched prepared, co_await printer.prepare(plan));
  if (prepared != Fetched::printed) co_return prepared;
  auto printed = co_await printer.print(plan, texts);
  if (printed) co_return Fetched::printed;
  selected.user.session.lose();
  co_return std::move(printed).error();
}

}  // namespace postern::imap
