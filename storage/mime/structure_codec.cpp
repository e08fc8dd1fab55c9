// The stored form of a Structure: a version octet, the lengths of its sections, the sections (envelope, list
// headers, part tree). Numbers are LEB128; a text is its length and its octets; an optional text has length +
// 1, and 0 if absent. Offsets count from where the part before ends, so most take one octet.
//
// Decoding trusts nothing: lengths and counts against the octets left, depth, number of parts, and that parts
// keep to what part.h promises.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "storage/mime/octet_coding.h"
#include "storage/mime/part.h"

namespace postern::mime {
namespace {

constexpr char kVersion = 1;

// --- writing ----------------------------------------------------------------------------------------------

void write(OctetWriter& out, const std::vector<EnvelopeAddress>& addresses) {
  out.number(addresses.size());
  for (const EnvelopeAddress& address : addresses) {
    out.optional_text(address.name);
    out.optional_text(address.route);
    out.optional_text(address.mailbox);
    out.optional_text(address.host);
  }
}

void write(OctetWriter& out, const std::vector<Parameter>& parameters) {
  out.number(parameters.size());
  for (const Parameter& parameter : parameters) {
    out.text(parameter.name);
    out.text(parameter.value);
  }
}

// Sender and Reply-To are usually From's copy; then they are not written.
void write(OctetWriter& out, const Envelope& envelope) {
  const bool sender_is_from = envelope.sender == envelope.from;
  const bool reply_to_is_from = envelope.reply_to == envelope.from;
  out.number((sender_is_from ? 1U : 0U) | (reply_to_is_from ? 2U : 0U));
  out.optional_text(envelope.date);
  out.optional_text(envelope.subject);
  out.optional_text(envelope.in_reply_to);
  out.optional_text(envelope.message_id);
  write(out, envelope.from);
  if (!sender_is_from) write(out, envelope.sender);
  if (!reply_to_is_from) write(out, envelope.reply_to);
  write(out, envelope.to);
  write(out, envelope.cc);
  write(out, envelope.bcc);
}

void write(OctetWriter& out, const Part& part, std::uint64_t previous_end) {
  out.text(part.type);
  out.text(part.subtype);
  write(out, part.parameters);
  out.optional_text(part.id);
  out.optional_text(part.description);
  out.text(part.encoding);
  out.optional_text(part.md5);
  out.optional_text(part.disposition);
  write(out, part.disposition_parameters);
  out.number(part.language.size());
  for (const std::string& language : part.language) out.text(language);
  out.optional_text(part.location);
  out.number(part.header.begin - previous_end);
  out.number(part.header.size());
  out.number(part.body.size());
  out.number(part.lines);
  out.number(part.children.size());
  previous_end = part.body.begin;
  for (const Part& child : part.children) {
    write(out, child, previous_end);
    previous_end = child.body.end;
  }
  if (part.is_message()) write(out, part.envelope.value_or(Envelope()));
}

void write_list_headers(OctetWriter& out, const Structure& structure) {
  out.number(structure.list_headers_complete ? 1 : 0);
  out.number(structure.list_headers.size());
  for (const ListHeader& header : structure.list_headers) {
    out.text(header.name);
    out.text(header.raw);
  }
}

// --- reading ----------------------------------------------------------------------------------------------

// The fewest octets that one of a thing can take: a count of more of them than fit is refused before any room
// is made.
constexpr std::size_t kAddressOctetsMin = 4;
constexpr std::size_t kParameterOctetsMin = 2;
constexpr std::size_t kListHeaderOctetsMin = 2;
constexpr std::size_t kPartOctetsMin = 16;

std::vector<EnvelopeAddress> read_addresses(OctetReader& in) {
  std::vector<EnvelopeAddress> addresses(in.count(UINT64_MAX, kAddressOctetsMin));
  for (EnvelopeAddress& address : addresses) {
    address.name = in.optional_text();
    address.route = in.optional_text();
    address.mailbox = in.optional_text();
    address.host = in.optional_text();
  }
  return addresses;
}

std::vector<Parameter> read_parameters(OctetReader& in) {
  std::vector<Parameter> parameters(in.count(kParametersMax, kParameterOctetsMin));
  for (Parameter& parameter : parameters) {
    parameter.name = in.text();
    parameter.value = in.text();
  }
  return parameters;
}

Envelope read_envelope(OctetReader& in) {
  Envelope envelope;
  const std::uint64_t copies = in.number();
  if (copies > 3) in.fail();
  envelope.date = in.optional_text();
  envelope.subject = in.optional_text();
  envelope.in_reply_to = in.optional_text();
  envelope.message_id = in.optional_text();
  envelope.from = read_addresses(in);
  envelope.sender = (copies & 1) != 0 ? envelope.from : read_addresses(in);
  envelope.reply_to = (copies & 2) != 0 ? envelope.from : read_addresses(in);
  envelope.to = read_addresses(in);
  envelope.cc = read_addresses(in);
  envelope.bcc = read_addresses(in);
  return envelope;
}

class PartReader {
 public:
  explicit PartReader(OctetReader& in) : in_(in) {}
  // Recursion is bounded by kDepthMax.
  Part read(OctetRange place, std::size_t depth);

 private:
  void read_children(Part& part, std::size_t depth);

  OctetReader& in_;
  std::size_t parts_left_ = kPartsMax;
};

// A part that lies in `place`.
Part PartReader::read(OctetRange place, std::size_t depth) {
  Part part;
  if (depth > kDepthMax || parts_left_ == 0) in_.fail();
  if (!in_.ok()) return part;
  --parts_left_;
  part.type = in_.text();
  part.subtype = in_.text();
  part.parameters = read_parameters(in_);
  part.id = in_.optional_text();
  part.description = in_.optional_text();
  part.encoding = in_.text();
  part.md5 = in_.optional_text();
  part.disposition = in_.optional_text();
  part.disposition_parameters = read_parameters(in_);
  part.language.resize(in_.count(kParametersMax, 1));
  for (std::string& language : part.language) language = in_.text();
  part.location = in_.optional_text();

  const auto next = [&](std::uint64_t from) {
    const std::uint64_t size = in_.number();
    if (size > place.end - from) in_.fail();
    return in_.ok() ? from + size : from;
  };
  part.header.begin = next(place.begin);
  part.header.end = part.body.begin = next(part.header.begin);
  part.body.end = next(part.body.begin);
  part.lines = in_.number();
  if (part.lines > part.body.size()) in_.fail();
  read_children(part, depth);
  return part;
}

void PartReader::read_children(Part& part, std::size_t depth) {
  const std::size_t children = in_.count(kPartsMax, kPartOctetsMin);
  const bool fits = part.is_multipart() ? children > 0 : children == (part.is_message() ? 1 : 0);
  if (!fits) in_.fail();
  OctetRange place = part.body;
  for (std::size_t i = 0; i < children && in_.ok(); ++i) {
    part.children.push_back(read(place, depth + 1));
    place.begin = part.children.back().body.end;
  }
  if (part.is_message()) part.envelope = read_envelope(in_);
}

Part read_root(OctetReader& in) {
  return PartReader(in).read({0, std::numeric_limits<std::uint64_t>::max()}, 1);
}

ListHeaders read_list_headers(OctetReader& in) {
  ListHeaders headers;
  const std::uint64_t complete = in.number();
  if (complete > 1) in.fail();
  headers.complete = complete == 1;
  headers.fields.resize(in.count(UINT64_MAX, kListHeaderOctetsMin));
  for (ListHeader& header : headers.fields) {
    header.name = in.text();
    header.raw = in.text();
  }
  return headers;
}

enum Section : std::size_t { kEnvelope, kListHeaders, kRoot, kSectionCount };
using Sections = std::array<std::string_view, kSectionCount>;

Error damaged() {
  return {ErrorKind::internal, "stored message structure is damaged"};
}

Result<Sections> split(std::string_view octets) {
  OctetReader in(octets);
  const std::string_view version = in.octets(1);
  if (version != std::string_view(&kVersion, 1)) return damaged();
  std::array<std::uint64_t, kSectionCount> sizes{};
  for (std::uint64_t& size : sizes) size = in.number();
  Sections sections;
  for (std::size_t i = 0; i < kSectionCount; ++i) sections[i] = in.octets(sizes[i]);
  if (!in.finished()) return damaged();
  return sections;
}

template <class T>
Result<T> decode_section(std::string_view octets, Section section, T (*read)(OctetReader&)) {
  TRY(Sections sections, split(octets));
  OctetReader in(sections[section]);
  T value = read(in);
  if (!in.finished()) return damaged();
  return value;
}

}  // namespace

std::string encode(const Structure& structure) {
  std::array<OctetWriter, kSectionCount> writers;
  write(writers[kEnvelope], structure.envelope);
  write_list_headers(writers[kListHeaders], structure);
  write(writers[kRoot], structure.root, 0);
  OctetWriter head;
  std::string body;
  for (OctetWriter& writer : writers) {
    const std::string section = writer.take();
    head.number(section.size());
    body += section;
  }
  return kVersion + head.take() + body;
}

Result<Envelope> decode_envelope(std::string_view octets) {
  return decode_section(octets, kEnvelope, read_envelope);
}

Result<ListHeaders> decode_list_headers(std::string_view octets) {
  return decode_section(octets, kListHeaders, read_list_headers);
}

Result<Part> decode_root(std::string_view octets) {
  return decode_section(octets, kRoot, read_root);
}

Result<Structure> decode(std::string_view octets) {
  Structure structure;
  TRY(structure.envelope, decode_envelope(octets));
  TRY(structure.root, decode_root(octets));
  TRY(ListHeaders headers, decode_list_headers(octets));
  structure.list_headers = std::move(headers.fields);
  structure.list_headers_complete = headers.complete;
  return structure;
}

}  // namespace postern::mime
