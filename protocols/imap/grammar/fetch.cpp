// Arguments of FETCH (RFC 3501 §6.4.5, RFC 3516, RFC 7162 §3.1.4, §3.2.6, RFC 9394 §3.4).
#include <array>

#include "gateway/base/text.h"
#include "protocols/imap/grammar/parse.h"
#include "storage/mime/part.h"

namespace postern::imap {

namespace {

constexpr std::size_t kFieldNameOctetsMax = 998;  // a line of a message, RFC 5322 §2.1.1

struct NamedItem {
  std::string_view name;
  FetchKind kind;
};
constexpr std::array kPlainItems{
    NamedItem{"FLAGS", FetchKind::flags},
    NamedItem{"INTERNALDATE", FetchKind::internal_date},
    NamedItem{"RFC822.SIZE", FetchKind::rfc822_size},
    NamedItem{"ENVELOPE", FetchKind::envelope},
    NamedItem{"BODY", FetchKind::body},
    NamedItem{"BODYSTRUCTURE", FetchKind::body_structure},
    NamedItem{"UID", FetchKind::uid},
    NamedItem{"MODSEQ", FetchKind::modseq},
    NamedItem{"EMAILID", FetchKind::email_id},
    NamedItem{"THREADID", FetchKind::thread_id},
    NamedItem{"SAVEDATE", FetchKind::save_date},
    NamedItem{"RFC822", FetchKind::rfc822},
    NamedItem{"RFC822.HEADER", FetchKind::rfc822_header},
    NamedItem{"RFC822.TEXT", FetchKind::rfc822_text},
};

FetchItem item_of(FetchKind kind) {
  FetchItem item;
  item.kind = kind;
  if (kind == FetchKind::rfc822_header) item.section.kind = SectionKind::header;
  if (kind == FetchKind::rfc822_text) item.section.kind = SectionKind::text;
  item.peek = kind == FetchKind::rfc822_header;
  return item;
}

std::string parse_field_name(Cursor& in) {
  const std::size_t begin = in.position();
  std::string name = in.astring("a field name");
  if (name.size() > kFieldNameOctetsMax) in.fail_at(begin, "expected a field name of at most 998 octets");
  return name;
}

// section-text = section-msgtext / "MIME"; MIME belongs to a part, not to the message.
void parse_section_text(Cursor& in, Section& section) {
  if (in.take_word("HEADER.FIELDS")) {
    section.kind = SectionKind::header_fields;
  } else if (in.take_word("HEADER.FIELDS.NOT")) {
    section.kind = SectionKind::header_fields_not;
  } else if (in.take_word("HEADER")) {
    section.kind = SectionKind::header;
  } else if (in.take_word("TEXT")) {
    section.kind = SectionKind::text;
  } else if (!section.part.empty() && in.take_word("MIME")) {
    section.kind = SectionKind::mime;
  } else {
    in.fail("expected a section");
  }
  if (section.kind != SectionKind::header_fields && section.kind != SectionKind::header_fields_not) return;
  in.space();
  section.fields = in.list(parse_field_name);
}

// section-part = nz-number *("." nz-number), as far as it stands here. What `text_follows` tells stands
// behind a last dot, or instead of numbers.
void parse_part(Cursor& in, Section& section, bool& text_follows) {
  text_follows = true;
  while (in.ok() && in.peek_digit()) {
    if (section.part.size() == mime::kDepthMax) in.fail("expected a part at most 100 levels deep");
    section.part.push_back(in.nz_number());
    text_follows = in.take(".");
    if (!text_follows) break;
  }
}

// section-binary = "[" [section-part] "]", after the opening bracket (RFC 3516 §7)
Section parse_binary_section(Cursor& in) {
  Section section;
  if (in.take("]")) return section;
  bool text_follows = false;
  parse_part(in, section, text_follows);
  if (text_follows) in.fail("expected a part number");
  in.expect(']');
  return section;
}

}  // namespace

// [section-part ["." section-text]] or [section-text]
Section parse_section(Cursor& in) {
  Section section;
  if (in.take("]")) return section;
  bool text_follows = true;
  parse_part(in, section, text_follows);
  if (text_follows) parse_section_text(in, section);
  in.expect(']');
  return section;
}

namespace {

Partial parse_partial(Cursor& in) {
  Partial partial;
  partial.origin = in.number(kNumber63Max);
  in.expect('.');
  const std::size_t begin = in.position();
  partial.octets_max = in.number(kNumber63Max);
  if (partial.octets_max == 0) in.fail_at(begin, "expected a number above zero");
  in.expect('>');
  return partial;
}

}  // namespace

// fetch-att = "BODY" ["STRUCTURE"] / "BODY" section [partial] / …
//
// "BODY" alone asks for the structure and "BODY[" for octets. "[" is an atom character, so a whole word
// "BODY" is already known to have no section.
FetchItem parse_fetch_item(Cursor& in) {
  for (const NamedItem& known : kPlainItems) {
    if (in.take_word(known.name)) return item_of(known.kind);
  }
  if (in.take_word("PREVIEW")) {
    // A modifier of FETCH begins alike, where PREVIEW is all that is asked for.
    in.take(" (LAZY)");
    return item_of(FetchKind::preview);
  }
  FetchItem item = item_of(FetchKind::section);
  if (in.take("BINARY.SIZE[")) {
    item.kind = FetchKind::binary_size;
    item.peek = true;
    item.section = parse_binary_section(in);
    return item;
  }
  const bool peeks_binary = in.take("BINARY.PEEK[");
  if (peeks_binary || in.take("BINARY[")) {
    item.kind = FetchKind::binary;
    item.peek = peeks_binary;
    item.section = parse_binary_section(in);
  } else {
    item.peek = in.take("BODY.PEEK[");
    if (!item.peek && !in.take("BODY[")) in.fail("expected a data item");
    item.section = parse_section(in);
  }
  if (in.take("<")) item.partial = parse_partial(in);
  return item;
}

namespace {

// The macros stand alone, never in a list.
std::vector<FetchItem> parse_macro(Cursor& in) {
  std::vector<FetchKind> kinds{FetchKind::flags, FetchKind::internal_date, FetchKind::rfc822_size};
  if (in.take_word("ALL")) {
    kinds.push_back(FetchKind::envelope);
  } else if (in.take_word("FULL")) {
    kinds.push_back(FetchKind::envelope);
    kinds.push_back(FetchKind::body);
  } else if (!in.take_word("FAST")) {
    return {};
  }
  std::vector<FetchItem> items;
  for (FetchKind kind : kinds) items.push_back(item_of(kind));
  return items;
}

// fetch-modifier. VANISHED and PARTIAL belong to UID FETCH alone.
void parse_modifier(Cursor& in, Fetch& fetch) {
  if (in.take_word("CHANGEDSINCE")) {
    in.space();
    fetch.changed_since = ModSeq(in.number(kNumber63Max));
  } else if (fetch.uid && in.take_word("VANISHED")) {
    fetch.vanished = true;
  } else if (fetch.uid && !fetch.partial && in.take_word("PARTIAL")) {
    in.space();
    fetch.partial = in.window();
  } else {
    in.fail("expected CHANGEDSINCE");
  }
}

Result<Fetch> parse_fetch_of(Cursor& in, Fetch fetch) {
  fetch.set = in.sequence_set();
  in.space();
  fetch.items = parse_macro(in);
  if (in.peek('(')) {
    fetch.items = in.list(parse_fetch_item);
  } else if (fetch.items.empty()) {
    fetch.items.push_back(parse_fetch_item(in));
  }
  if (in.take(" ")) {
    const std::size_t begin = in.position();
    in.list([&fetch](Cursor& modifier) { return parse_modifier(modifier, fetch), true; });
    if (fetch.vanished && !fetch.changed_since) {
      in.fail_at(begin, "expected VANISHED together with CHANGEDSINCE");
    }
  }
  return in.finish(std::move(fetch));
}

}  // namespace

Result<Fetch> parse_fetch(Cursor& in) {
  return parse_fetch_of(in, Fetch{});
}

Result<Fetch> parse_uid_fetch(Cursor& in) {
  Fetch fetch;
  fetch.uid = true;
  return parse_fetch_of(in, std::move(fetch));
}

}  // namespace postern::imap
