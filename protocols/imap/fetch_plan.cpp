#include "protocols/imap/fetch_plan.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/imap/response/fetch.h"
#include "storage/mime/section.h"

namespace postern::imap {

namespace {

bool is_whole_message(const Section& section) {
  return section.part.empty() && section.kind == SectionKind::whole;
}

// Of an ordinary message, whose list headers are kept whole.
bool kept_fields_suffice(const Section& section) {
  return section.kind == SectionKind::header_fields && section.part.empty() &&
         std::all_of(section.fields.begin(), section.fields.end(), mime::is_list_header);
}

mime::SectionText text_of(SectionKind kind) {
  switch (kind) {
    case SectionKind::whole: return mime::SectionText::all;
    case SectionKind::text: return mime::SectionText::text;
    case SectionKind::mime: return mime::SectionText::mime;
    case SectionKind::header:
    case SectionKind::header_fields:
    case SectionKind::header_fields_not: return mime::SectionText::header;
  }
  return mime::SectionText::all;
}

}  // namespace

FetchPlan::FetchPlan(const Fetch& fetch, bool uid_only) {
  const auto is = [&fetch](FetchKind kind) {
    return std::any_of(fetch.items.begin(), fetch.items.end(),
                       [kind](const FetchItem& item) { return item.kind == kind; });
  };
  const auto add = [this](FetchKind kind) { items.emplace_back().item.kind = kind; };
  if (fetch.uid && !uid_only && !is(FetchKind::uid)) add(FetchKind::uid);
  if (fetch.changed_since && !is(FetchKind::modseq)) add(FetchKind::modseq);
  for (const FetchItem& item : fetch.items) items.emplace_back().item = item;
  for (PlannedItem& planned : items) plan(planned);
  if (envelope || parts || list_headers) depth = FetchDepth::structure;
}

void FetchPlan::plan(PlannedItem& planned) {
  const FetchItem& item = planned.item;
  switch (item.kind) {
    case FetchKind::flags:
    case FetchKind::uid:
    case FetchKind::thread_id: return;
    case FetchKind::modseq: modseq = true; return;
    case FetchKind::internal_date:
    case FetchKind::email_id:
    case FetchKind::save_date:
    case FetchKind::rfc822_size: facts = true; return;
    case FetchKind::envelope: facts = envelope = true; return;
    case FetchKind::body:
    case FetchKind::body_structure: facts = parts = true; return;
    case FetchKind::preview: facts = parts = octets = preview = true; return;
    case FetchKind::section:
    case FetchKind::binary:
    case FetchKind::binary_size:
    case FetchKind::rfc822:
    case FetchKind::rfc822_header:
    case FetchKind::rfc822_text: break;
  }
  facts = true;
  planned.section_name = section_name(item);
  planned.kept_fields = kept_fields_suffice(item.section);
  marks_seen = marks_seen || item.marks_seen();
  octets = octets || !planned.kept_fields;
  list_headers = list_headers || planned.kept_fields;
  // Of the whole message nothing but its size need be known.
  parts = parts || (!planned.kept_fields && !is_whole_message(item.section));
}

std::optional<mime::OctetRange> section_octets(const FetchItem& item, const mime::Part& root,
                                               std::uint64_t message_octets) {
  if (is_whole_message(item.section)) return mime::OctetRange{0, message_octets};
  return mime::section_range(root, item.section.part, text_of(item.section.kind));
}

std::optional<mime::TransferEncoding> encoding_of(const FetchItem& item, const mime::Part& root) {
  const mime::Part* part = mime::find_part(root, item.section.part);
  const bool whole = item.section.part.empty();
  if (whole || part == nullptr || part->is_multipart() || part->is_message()) {
    return mime::TransferEncoding::identity;
  }
  return mime::transfer_encoding_from(part->encoding);
}

bool chooses_fields(const Section& section) {
  return section.kind == SectionKind::header_fields || section.kind == SectionKind::header_fields_not;
}

std::optional<std::string> kept_fields(const PlannedItem& planned, const mime::ListHeaders& headers) {
  if (!planned.kept_fields || !headers.complete) return std::nullopt;
  const std::vector<std::string>& names = planned.item.section.fields;
  std::string fields;
  for (const mime::ListHeader& header : headers.fields) {
    const auto is_name = [&header](const std::string& name) { return text::same(name, header.name); };
    if (std::any_of(names.begin(), names.end(), is_name)) fields += header.raw;
  }
  // The empty line belongs to the answer (RFC 3501 §6.4.5).
  return fields + "\r\n";
}

mime::OctetRange cut(const std::optional<Partial>& partial, mime::OctetRange range) {
  if (!partial) return range;
  const std::uint64_t origin = std::min(partial->origin, range.size());
  const std::uint64_t octets = std::min(partial->octets_max, range.size() - origin);
  return {range.begin + origin, range.begin + origin + octets};
}

}  // namespace postern::imap
