// The structure of a message (RFC 2045, 2046, 5322) with exact octet ranges: what ENVELOPE, BODYSTRUCTURE,
// BODY[section] and ActiveSync's headers are answered from without touching the octets again.
//
// Texts are as they stand in the message (unfolded, not decoded): IMAP sends them raw. decode.h and
// address.h turn them into UTF-8 where a reader needs text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/result.h"

namespace postern::mime {

struct OctetRange {
  std::uint64_t begin = 0;  // offset from the start of the message
  std::uint64_t end = 0;    // exclusive
  std::uint64_t size() const { return end - begin; }
  friend bool operator==(const OctetRange&, const OctetRange&) = default;
};

struct Parameter {
  std::string name;  // lower case; RFC 2231 forms are joined but not charset-decoded
  std::string value;
  friend bool operator==(const Parameter&, const Parameter&) = default;
};

// RFC 9051 §7.5.2 "address": a mailbox, or the start (host absent, mailbox = the group's name) or the end
// (both absent) of a group.
struct EnvelopeAddress {
  std::optional<std::string> name;   // display name, unquoted, raw encoded-words
  std::optional<std::string> route;  // obsolete source route
  std::optional<std::string> mailbox;
  std::optional<std::string> host;
  friend bool operator==(const EnvelopeAddress&, const EnvelopeAddress&) = default;
};

// RFC 9051 §7.5.2 ENVELOPE. Absent fields are NIL; sender and reply_to default to from.
struct Envelope {
  std::optional<std::string> date;
  std::optional<std::string> subject;
  std::vector<EnvelopeAddress> from, sender, reply_to, to, cc, bcc;
  std::optional<std::string> in_reply_to;
  std::optional<std::string> message_id;
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

// A node of the part tree: one MIME entity. What the scanner makes and decode() accepts keeps to this:
//  - a multipart has at least one child: if the octets have none, an empty text/plain stands in for it;
//  - a message has exactly one child, the embedded message, and an envelope; other parts have neither;
//  - children lie in order inside the body, without overlap; body.begin == header.end.
// A multipart without a usable boundary is text/plain (RFC 2045 §5.2), and a multipart or message beyond
// kPartsMax or kDepthMax is application/octet-stream: neither is looked into.
struct Part {
  std::string type = "text";               // lower case
  std::string subtype = "plain";           // lower case
  std::vector<Parameter> parameters;       // of Content-Type
  std::optional<std::string> id;           // Content-ID
  std::optional<std::string> description;  // Content-Description
  std::string encoding = "7bit";           // Content-Transfer-Encoding, lower case
  std::optional<std::string> md5;          // Content-MD5
  std::optional<std::string> disposition;  // lower case
  std::vector<Parameter> disposition_parameters;
  std::vector<std::string> language;    // Content-Language
  std::optional<std::string> location;  // Content-Location

  OctetRange header;        // the entity's header with its blank line
  OctetRange body;          // what follows, up to the CRLF that belongs to the boundary
  std::uint64_t lines = 0;  // line ends in the body

  std::vector<Part> children;        // of a multipart; of message/rfc822: the one embedded message
  std::optional<Envelope> envelope;  // of the embedded message, on message/rfc822 and message/global

  bool is_multipart() const { return type == "multipart"; }
  bool is_message() const { return type == "message" && (subtype == "rfc822" || subtype == "global"); }
  std::string_view parameter(std::string_view name) const;  // empty if absent
  friend bool operator==(const Part&, const Part&) = default;
};

// A header field kept verbatim beside the structure: those that lists ask for all the time.
struct ListHeader {
  std::string name;  // as spelled in the message
  std::string raw;   // the whole field with its folding and final CRLF
  friend bool operator==(const ListHeader&, const ListHeader&) = default;
};

struct Structure {
  Part root;
  Envelope envelope;
  std::vector<ListHeader> list_headers;  // top level, in order, of the names in is_list_header
  bool list_headers_complete = true;     // false: a bound was hit; ask the octets
  friend bool operator==(const Structure&, const Structure&) = default;
};

// Date, From, Sender, Reply-To, To, Cc, Bcc, Subject, Message-ID, In-Reply-To, References, Content-Type and
// the few others that mail programs list by (entity_header.cpp); Received-free on purpose. ASCII case does
// not matter.
bool is_list_header(std::string_view name);

// Bounds (reference: hostile messages). What lies beyond stays in the octets and is simply not described.
constexpr std::size_t kPartsMax = 10'000;
constexpr std::size_t kDepthMax = 100;
constexpr std::size_t kHeaderOctetsMax = 1024 * 1024;  // parsed per message, all entities together
constexpr std::size_t kHeaderLinesMax = 10'000;        // parsed per entity
constexpr std::size_t kParametersMax = 128;
constexpr std::size_t kListHeaderOctetsMax = 32 * 1024;

// The compact binary form that is stored beside the octets. decode: internal if the octets are not ours.
std::string encode(const Structure& structure);
Result<Structure> decode(std::string_view octets);

// One section of the encoded form, without reading the others.
struct ListHeaders {
  std::vector<ListHeader> fields;
  bool complete = true;
};
Result<Envelope> decode_envelope(std::string_view octets);
Result<ListHeaders> decode_list_headers(std::string_view octets);
Result<Part> decode_root(std::string_view octets);

}  // namespace postern::mime
