// ItemOperations: fetch items and attachments, empty a folder, move a conversation. MS-ASCMD
// section 2.2.1.10. Each operation has a status of its own; an unreadable one (`refused`) does not hold up
// the others.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/activesync/schema/body_options.h"
#include "protocols/activesync/schema/email.h"
#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/schema/values.h"

namespace postern::activesync {

// MS-ASCMD section 2.2.3.177.8
enum class OperationStatus : std::uint16_t {
  ok = 1,
  protocol_error = 2,
  server_error = 3,
  not_found = 6,
  range_invalid = 8,
  store_unknown = 9,
  file_empty = 10,
  data_too_large = 11,
  conversion_failed = 14,
  attachment_invalid = 15,
  access_denied = 16,
  partial_success = 17,
};

constexpr std::size_t kOperationsMax = 100;

struct FetchOperation {
  std::string collection_id, server_id;  // an item by its place …
  std::string long_id;                   // … or as Search named it …
  std::string file_reference;            // … or an attachment
  BodyOptions body;
  std::optional<Range> range;
};
struct EmptyFolderOperation {
  std::string collection_id;
  bool delete_subfolders = false;
};
struct MoveConversationOperation {
  std::string conversation_id;  // octets
  std::string destination_folder;
  bool always = false;  // later messages of the conversation, too
};
using ItemOperation = std::variant<FetchOperation, EmptyFolderOperation, MoveConversationOperation>;

struct RequestedOperation {
  ItemOperation operation;
  std::optional<Status> refused;
};

// In the client's order, which is the order to carry them out in.
Parsed<std::vector<RequestedOperation>> read_item_operations(Element root);

// The content of an attachment, or its place in a multipart answer.
struct FetchedFile {
  std::string content_type;
  std::optional<Range> range;
  std::optional<std::uint64_t> total;  // octets of the whole, with range
  std::optional<std::uint32_t> part;   // multipart: else `octets` stand here, as base64
  std::string_view octets;
};

// Written one after the other, so that one item is in memory at a time.
class ItemOperationsAnswer {
 public:
  ItemOperationsAnswer(std::string& out, ProtocolVersion version);
  void fetched(const FetchOperation& request, const EmailProperties& properties);
  void fetched(const FetchOperation& request, const FetchedFile& file);
  void emptied(const EmptyFolderOperation& request, Status status);
  void moved(const MoveConversationOperation& request, Status status);
  // An operation that failed.
  void refused(const ItemOperation& request, Status status);
  void finish();

 private:
  void write_fetch_head(const FetchOperation& request, Status status);

  Writer writer_;
  ProtocolVersion version_;
};

void write_item_operations_refusal(std::string& out, Status status);

}  // namespace postern::activesync
