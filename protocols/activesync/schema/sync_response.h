// The answer to a Sync, written while it comes to be: one item after the other, so that a window of large
// messages is never in memory at once. MS-ASCMD section 2.2.1.21; the order of elements is that of
// SyncResponse.xsd, with MoreAvailable in front of Commands, where old clients look for it.
//
//   SyncAnswer answer(buffer, version);
//   answer.begin_collection({.collection_id = "5", .sync_key = "{1}7"});
//   answer.add("5:9", properties);
//   answer.end_collection(results);
//   answer.finish();
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/activesync/schema/email.h"
#include "protocols/activesync/schema/protocol_version.h"
#include "protocols/activesync/schema/sync.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

struct CollectionHead {
  std::string collection_id;
  std::string sync_key;  // empty: left out
  Status status = SyncStatus::ok;
  bool more_available = false;
};

// What became of a client's command. Told are all Adds and Fetches, and of the others those that failed or
// that gave attachments new names (MS-ASCMD section 2.2.3.7.2); choosing is the caller's.
struct AddResult {
  std::string client_id;
  std::string server_id;  // empty if it failed
  Status status = SyncStatus::ok;
  std::string class_name;                     // empty: what the collection holds
  std::optional<EmailProperties> properties;  // 16.0 and later: what the server has set
};
struct ChangeResult {
  std::string server_id;
  Status status = SyncStatus::ok;
  std::optional<EmailProperties> properties;  // 16.0 and later: the names of new attachments
};
struct DeleteResult {
  std::string server_id;
  Status status = SyncStatus::ok;
};
struct FetchResult {
  std::string server_id;
  Status status = SyncStatus::ok;
  std::optional<EmailProperties> properties;
};
using CommandResult = std::variant<AddResult, ChangeResult, DeleteResult, FetchResult>;

class SyncAnswer {
 public:
  // Writes the start of the answer to `out`, which outlives it and may be emptied between calls.
  SyncAnswer(std::string& out, ProtocolVersion version);

  void begin_collection(const CollectionHead& head);
  void add(std::string_view server_id, const EmailProperties& properties);
  void change(std::string_view server_id, const EmailProperties& properties);
  void remove(std::string_view server_id);       // Delete
  void soft_remove(std::string_view server_id);  // SoftDelete: no longer in the filter's window
  // After the items; one after the other, as those are.
  void respond(const CommandResult& result);
  void end_collection();
  void end_collection(const std::vector<CommandResult>& results);
  // Once, at the end.
  void finish();

 private:
  void item(Tag command, std::string_view server_id, const EmailProperties* properties);

  Writer writer_;
  ProtocolVersion version_;
  bool in_collections_ = false;
  bool in_commands_ = false;
  bool in_responses_ = false;
};

// An answer that is a status only, with Limit for wait_out_of_range.
void write_sync_refusal(std::string& out, Status status, std::optional<std::uint32_t> limit = std::nullopt);

}  // namespace postern::activesync
