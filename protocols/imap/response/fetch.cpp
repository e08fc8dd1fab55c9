#include "protocols/imap/response/fetch.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "protocols/imap/response/body_structure.h"
#include "protocols/imap/response/object_id.h"
#include "protocols/imap/response/writer.h"

namespace postern::imap {

namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void append_padded(std::string& out, unsigned value, std::size_t width, char padding = '0') {
  char digits[10];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  const auto size = static_cast<std::size_t>(end - digits);
  if (size < width) out.append(width - size, padding);
  out.append(digits, end);
}

}  // namespace

std::string flags_text(const Flags& flags, bool recent) {
  std::string out = "(";
  const auto add = [&out](std::string_view name) {
    if (out.size() > 1) out += ' ';
    out += name;
  };
  for (std::string_view name : system_flag_names(flags.system)) add(name);
  if (recent) add("\\Recent");
  for (const std::string& keyword : flags.keywords) add(keyword);
  return out + ')';
}

// Years beyond what four digits hold cannot be written; nothing that came through the grammar has one.
std::string date_time_text(WallTime time, std::int16_t zone_minutes) {
  const auto local = std::chrono::floor<std::chrono::seconds>(time) + std::chrono::minutes(zone_minutes);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(local - day);
  std::string out;
  append_padded(out, static_cast<unsigned>(date.day()), 2, ' ');
  (out += '-').append(kMonths[static_cast<unsigned>(date.month()) - 1]) += '-';
  append_padded(out, static_cast<unsigned>(std::clamp(static_cast<int>(date.year()), 0, 9999)), 4);
  out += ' ';
  append_padded(out, static_cast<unsigned>(clock.hours().count()), 2);
  out += ':';
  append_padded(out, static_cast<unsigned>(clock.minutes().count()), 2);
  out += ':';
  append_padded(out, static_cast<unsigned>(clock.seconds().count()), 2);
  out += zone_minutes < 0 ? " -" : " +";
  const auto zone = static_cast<unsigned>(std::abs(zone_minutes));
  append_padded(out, zone / 60, 2);
  append_padded(out, zone % 60, 2);
  return out;
}

std::string section_name(const FetchItem& item) {
  std::string name;
  Writer out(name);
  switch (item.kind) {
    case FetchKind::rfc822: return "RFC822";
    case FetchKind::rfc822_header: return "RFC822.HEADER";
    case FetchKind::rfc822_text: return "RFC822.TEXT";
    default: break;
  }
  const Section& section = item.section;
  out.raw(item.kind == FetchKind::binary        ? "BINARY["
          : item.kind == FetchKind::binary_size ? "BINARY.SIZE["
                                                : "BODY[");
  std::string_view separator;
  for (std::uint32_t number : section.part) {
    out.raw(separator).number(number);
    separator = ".";
  }
  if (section.kind != SectionKind::whole) out.raw(separator);
  switch (section.kind) {
    case SectionKind::whole: break;
    case SectionKind::header: out.raw("HEADER"); break;
    case SectionKind::header_fields: out.raw("HEADER.FIELDS"); break;
    case SectionKind::header_fields_not: out.raw("HEADER.FIELDS.NOT"); break;
    case SectionKind::text: out.raw("TEXT"); break;
    case SectionKind::mime: out.raw("MIME"); break;
  }
  if (!section.fields.empty()) {
    separator = " (";
    for (const std::string& field : section.fields) {
      out.raw(separator).astring(field);
      separator = " ";
    }
    out.raw(")");
  }
  out.raw("]");
  if (item.partial) out.raw("<").number(item.partial->origin).raw(">");
  return name;
}

FetchResponse::FetchResponse(std::string& out, FetchSubject subject) : out_(out) {
  Writer(out_).raw("* ").number(subject.number).raw(subject.is_uid ? " UIDFETCH (" : " FETCH (");
}

std::string& FetchResponse::item(std::string_view name) {
  if (!first_) out_ += ' ';
  first_ = false;
  out_ += name;
  return out_;
}

void FetchResponse::flags(std::string_view text) {
  item("FLAGS ") += text;
}
void FetchResponse::internal_date(WallTime time, std::int16_t zone_minutes) {
  item("INTERNALDATE \"").append(date_time_text(time, zone_minutes)) += '"';
}
void FetchResponse::rfc822_size(std::uint64_t octets) {
  Writer(item("RFC822.SIZE ")).number(octets);
}
void FetchResponse::envelope(const mime::Envelope& envelope) {
  print_envelope(item("ENVELOPE "), envelope);
}
void FetchResponse::body(const mime::Part& root, GlobalMessages global) {
  print_body(item("BODY "), root, global);
}
void FetchResponse::body_structure(const mime::Part& root, GlobalMessages global) {
  print_body_structure(item("BODYSTRUCTURE "), root, global);
}
void FetchResponse::uid(Uid uid) {
  Writer(item("UID ")).number(raw(uid));
}
void FetchResponse::modseq(ModSeq modseq) {
  Writer(item("MODSEQ (")).number(raw(modseq)).raw(")");
}

void FetchResponse::email_id(BlobId blob) {
  Writer(item("EMAILID (")).raw(email_id_text(blob)).raw(")");
}
void FetchResponse::thread_id() {
  item("THREADID NIL");
}
void FetchResponse::save_date(WallTime time) {
  item("SAVEDATE \"").append(date_time_text(time, 0)) += '"';
}

void FetchResponse::preview(std::string_view text) {
  Writer(item("PREVIEW ")).string(text);
}

void FetchResponse::section(std::string_view name, std::uint64_t octets) {
  Writer(item(name)).raw(" {").number(octets).raw("}\r\n");
}

void FetchResponse::binary(std::string_view name, std::uint64_t octets, bool has_nul) {
  Writer(item(name)).raw(has_nul ? " ~{" : " {").number(octets).raw("}\r\n");
}

void FetchResponse::binary_size(std::string_view name, std::uint64_t octets) {
  Writer(item(name)).raw(" ").number(octets);
}

void FetchResponse::section_nil(std::string_view name) {
  item(name) += " NIL";
}

void FetchResponse::finish() {
  out_ += ")\r\n";
}

void print_flags_change(std::string& out, FetchSubject subject, const FlagsNews& news) {
  FetchResponse response(out, subject);
  if (news.uid) response.uid(*news.uid);
  response.flags(news.flags);
  if (news.modseq) response.modseq(*news.modseq);
  response.finish();
}

}  // namespace postern::imap
