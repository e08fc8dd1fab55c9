// Search in the mailbox or in the domain's address list. MS-ASCMD section 2.2.1.16.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/activesync/schema/body_options.h"
#include "protocols/activesync/schema/email.h"
#include "protocols/activesync/schema/gal.h"
#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/schema/values.h"

namespace postern::activesync {

// Of the Store element: MS-ASCMD section 2.2.3.177.13
enum class SearchStatus : std::uint16_t {
  ok = 1,
  invalid_request = 2,
  server_error = 3,
  access_denied = 5,
  too_complex = 8,
  timed_out = 10,
  folders_changed = 11,
  end_of_range = 12,
};

constexpr std::size_t kSearchTermsMax = 50;        // folders, classes and texts, each
constexpr std::uint32_t kSearchRangeLastMax = 99;  // and the default

// All of it must match.
struct MailboxQuery {
  std::vector<std::string> classes;
  std::vector<std::string> collection_ids;  // "0" or none: all folders
  std::vector<std::string> free_texts;
  std::string conversation_id;  // octets; empty: any
  std::optional<WallTime> received_after, received_before;
};
struct GalQuery {
  std::string text;
  std::optional<PictureLimits> pictures;
};

struct SearchRequest {
  std::variant<MailboxQuery, GalQuery> query;
  Range range{0, kSearchRangeLastMax};
  bool deep_traversal = false;   // folders below, too
  bool rebuild_results = false;  // do not answer from what an earlier request has found
  BodyOptions body;
};

// Refusals are for the Store element (write_search_refusal).
Parsed<SearchRequest> read_search(Element root);

class SearchAnswer {
 public:
  SearchAnswer(std::string& out, ProtocolVersion version, Status store_status);
  void found(std::string_view long_id, std::string_view collection_id, const EmailProperties& properties);
  void found(const GalEntry& entry);
  // Once, at the end: which of how many were shown; no range if there was nothing.
  void finish(std::optional<Range> range, std::uint64_t total);

 private:
  Writer writer_;
  ProtocolVersion version_;
  bool any_ = false;
};

void write_search_refusal(std::string& out, Status store_status);

}  // namespace postern::activesync
