// What a FETCH needs, decided once per command, and where a section's octets are. Pure.
#pragma once

#include <optional>
#include <string>

#include "protocols/imap/command.h"
#include "storage/mime/part.h"
#include "storage/mime/transfer_encoding.h"
#include "storage/model/message.h"

namespace postern::imap {

struct PlannedItem {
  FetchItem item;
  std::string section_name;  // of a section: printed for every message
  bool kept_fields = false;  // HEADER.FIELDS of names that are kept beside the structure of ordinary messages
};

struct FetchPlan {
  // `uid_only`: responses name the message by its UID already (RFC 9586 §3.3).
  explicit FetchPlan(const Fetch& fetch, bool uid_only = false);

  std::vector<PlannedItem> items;  // of the command, with MODSEQ if CHANGEDSINCE implies it
  bool facts = false;              // rows of the store; else FLAGS, UID and MODSEQ come from memory
  bool marks_seen = false;
  bool octets = false;  // of the message itself, for which kept fields will not do
  bool modseq = false;
  FetchDepth depth = FetchDepth::facts;
  // Which sections of the stored structure are decoded.
  bool envelope = false;
  bool parts = false;
  bool list_headers = false;
  bool preview = false;

 private:
  void plan(PlannedItem& planned);
};

// The range in the message of what a section asks for, before HEADER.FIELDS chooses and <o.n> cuts. nullopt:
// no such section, answered with NIL.
std::optional<mime::OctetRange> section_octets(const FetchItem& item, const mime::Part& root,
                                               std::uint64_t message_octets);

// What must be undone to get a BINARY item's octets. nullopt: nobody knows how (RFC 3516 §4.2).
std::optional<mime::TransferEncoding> encoding_of(const FetchItem& item, const mime::Part& root);

// HEADER.FIELDS from the fields that are kept beside the structure, if the item is of that kind and none is
// missing.
std::optional<std::string> kept_fields(const PlannedItem& planned, const mime::ListHeaders& headers);

bool chooses_fields(const Section& section);

// <origin.octets_max> of a range of `octets` octets; never wraps, empty beyond the end (RFC 3501 §6.4.5).
mime::OctetRange cut(const std::optional<Partial>& partial, mime::OctetRange range);

}  // namespace postern::imap
