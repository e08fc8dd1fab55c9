// The body of a message in the form that a client has asked for: which part it is made of, how much of the
// octets that takes, and the text itself, cut to TruncationSize exactly. MS-ASAIRS
// sections 2.2.2.9, 2.2.2.40, 2.2.2.3 and 2.2.2.35. Pure.
//
//   for (const BodyCandidate& candidate : body_candidates(layout, options, size)) {
//     … read candidate.range of the message …
//     body = render_body(candidate, octets);
//     if (body.data) break;
//   }
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/activesync/message_layout.h"
#include "protocols/activesync/schema/body.h"
#include "protocols/activesync/schema/body_options.h"

namespace postern::activesync {

// Of a text part, this much is read and decoded; what lies behind is told as truncated.
constexpr std::uint64_t kTextPartOctetsMax = 4 * 1024 * 1024;

struct BodyCandidate {
  BodyPreference preference;
  const mime::Part* part = nullptr;  // nullptr: the whole message, or (with an empty range) no text at all
  mime::OctetRange range;            // of the message
  std::uint64_t message_size = 0;
};

// At least one, the best first: the form that the message itself has, then the others in the client's order.
// Another than the first matters only if AllOrNone forbids to cut the first. Type 4 is given where
// MIMESupport allows it; RTF never.
std::vector<BodyCandidate> body_candidates(const MessageLayout& layout, const BodyOptions& options,
                                           std::uint64_t message_size);
// For BodyPart (14.1 and later). nullopt: not asked for.
std::optional<BodyCandidate> body_part_candidate(const MessageLayout& layout, const BodyOptions& options,
                                                 std::uint64_t message_size);

// `octets` are those of candidate.range. Data is absent if AllOrNone forbids to cut it.
Body render_body(const BodyCandidate& candidate, std::string_view octets);

// A text part's text in UTF-8, its markup as it stands: transfer encoding and charset undone. HTML whose
// charset no header tells may tell it itself.
std::string source_text(const mime::Part& part, std::string_view octets);

// What the message itself has: HTML, else plain text.
BodyType native_body_type(const MessageLayout& layout);

}  // namespace postern::activesync
