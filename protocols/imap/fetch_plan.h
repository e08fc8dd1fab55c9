// What a FETCH needs, decided once per command, and where a section's octets are. Pure.
#pragma once

#include <optional>
#include <string>

#include "protocols/imap/command.h"
#include "storage/mime/part.h"
#include "storage/model/message.h"

namespace postern::imap {

struct FetchPlan {
  explicit FetchPlan(const Fetch& fetch);

  std::vector<FetchItem> items;  // of the command, with MODSEQ if CHANGEDSINCE implies it
  bool facts = false;            // rows of the store; else FLAGS, UID and MODSEQ come from memory
  bool marks_seen = false;
  bool octets = false;  // of the message itself, for which kept fields will not do
  bool modseq = false;
  FetchDepth depth = FetchDepth::facts;
};

// The range in the message of what a section asks for, before HEADER.FIELDS chooses and <o.n> cuts. nullopt:
// no such section, answered with NIL.
std::optional<mime::OctetRange> section_octets(const FetchItem& item, const mime::Structure& structure,
                                               std::uint64_t message_octets);

// HEADER.FIELDS from the fields that are kept beside the structure; nullopt: they do not suffice.
std::optional<std::string> fields_from_list(const Section& section, const mime::Structure& structure);

bool chooses_fields(const Section& section);

// <origin.octets_max> of a range of `octets` octets; never wraps, empty beyond the end (RFC 3501 §6.4.5).
mime::OctetRange cut(const std::optional<Partial>& partial, mime::OctetRange range);

}  // namespace postern::imap
