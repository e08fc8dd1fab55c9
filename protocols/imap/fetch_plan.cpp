#include "protocols/imap/fetch_plan.h"

#include <algorithm>

#include "gateway/base/text.h"
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

FetchPlan::FetchPlan(const Fetch& fetch) : items(fetch.items) {
  for (const FetchItem& item : items) {
    switch (item.kind) {
      case FetchKind::flags:
      case FetchKind::uid: break;
      case FetchKind::modseq: modseq = true; break;
      case FetchKind::internal_date:
      case FetchKind::rfc822_size: facts = true; break;
      case FetchKind::envelope:
      case FetchKind::body:
      case FetchKind::body_structure:
        facts = true;
        depth = FetchDepth::structure;
        break;
      case FetchKind::section:
      case FetchKind::rfc822:
      case FetchKind::rfc822_header:
      case FetchKind::rfc822_text:
        facts = true;
        octets = octets || !kept_fields_suffice(item.section);
        marks_seen = marks_seen || item.marks_seen();
        if (!is_whole_message(item.section)) depth = FetchDepth::structure;
        break;
    }
  }
  const auto is = [this](FetchKind kind) {
    return std::any_of(items.begin(), items.end(),
                       [kind](const FetchItem& item) { return item.kind == kind; });
  };
  const auto add = [this](FetchKind kind) {
    FetchItem item;
    item.kind = kind;
    items.insert(items.begin(), std::move(item));
  };
  if (fetch.changed_since && !modseq) {
    add(FetchKind::modseq);
    modseq = true;
  }
  if (fetch.uid && !is(FetchKind::uid)) add(FetchKind::uid);
}

std::optional<mime::OctetRange> section_octets(const FetchItem& item, const mime::Structure& structure,
                                               std::uint64_t message_octets) {
  if (is_whole_message(item.section)) return mime::OctetRange{0, message_octets};
  return mime::section_range(structure.root, item.section.part, text_of(item.section.kind));
}

bool chooses_fields(const Section& section) {
  return section.kind == SectionKind::header_fields || section.kind == SectionKind::header_fields_not;
}

std::optional<std::string> fields_from_list(const Section& section, const mime::Structure& structure) {
  if (!structure.list_headers_complete || !kept_fields_suffice(section)) return std::nullopt;
  std::string fields;
  for (const mime::ListHeader& header : structure.list_headers) {
    const auto is_name = [&header](const std::string& name) { return text::same(name, header.name); };
    if (std::any_of(section.fields.begin(), section.fields.end(), is_name)) fields += header.raw;
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
