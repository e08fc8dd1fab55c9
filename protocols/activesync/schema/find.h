// Find, which replaces Search from 16.1 on: the mailbox by a query in Keyword Query Language, or the domain's
// address list. MS-ASCMD section 2.2.1.2.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/activesync/schema/email.h"
#include "protocols/activesync/schema/gal.h"
#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/schema/values.h"

namespace postern::activesync {

// MS-ASCMD section 2.2.3.177.2
enum class FindStatus : std::uint16_t {
  ok = 1,
  invalid_request = 2,
  folders_changed = 3,
  start_with_range_zero = 4,
};

constexpr std::uint32_t kFindRangeLastMax = 99;

struct FindInMailbox {
  std::string free_text;  // KQL
  std::string class_name;
  std::string collection_id;  // empty: all folders
  bool deep_traversal = false;
};
struct FindInGal {
  std::string text;
  std::optional<PictureLimits> pictures;
};
struct FindRequest {
  std::string search_id;
  std::variant<FindInMailbox, FindInGal> criterion;
  Range range{0, kFindRangeLastMax};
};

Parsed<FindRequest> read_find(Element root);

// A message found, in the few properties that the answer has.
struct FoundMessage {
  std::string server_id, collection_id;
  EmailProperties properties;  // Subject, DateReceived, DisplayTo, Importance, Read, IsDraft, From count
  std::string display_cc, display_bcc;
  std::string preview;
  bool has_attachments = false;
};

class FindAnswer {
 public:
  FindAnswer(std::string& out, std::string_view store, Status status);  // store: "Mailbox" or "GAL"
  void found(const FoundMessage& message);
  void found(const GalEntry& entry);
  void finish(std::optional<Range> range, std::uint64_t total);

 private:
  Writer writer_;
};

void write_find_refusal(std::string& out, Status status);

}  // namespace postern::activesync
