// What a command is given, and the commands. One file here runs one command or one family of them.
//
// A command answers through the conversation and returns; an Error before it has answered becomes HTTP's
// status for its kind (503 with Retry-After while the database cannot answer).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/settings.h"
#include "gateway/async/turnstile.h"
#include "protocols/activesync/gate.h"
#include "protocols/activesync/reply.h"
#include "protocols/activesync/request.h"
#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/wbxml/element.h"
#include "protocols/shared/services.h"

namespace postern::activesync {

// One request of one device, whose user has logged in and which has passed the gate.
struct Conversation {
  http::Exchange& exchange;
  const Services& services;
  const Settings& settings;
  Request request;
  AccountRecord account;
  Device device;
  Turnstile&
      looks;  // of the worker's waits that were woken: a ring for all must not ask the database all at once

  // For the log: the status that the command has told, how many items, and how many could not be shown.
  std::uint16_t told_status = 0;
  std::uint32_t items = 0;
  std::uint32_t skipped = 0;

  Store& store() const { return services.store; }
  MailboxKey mailbox(MailboxId id) const { return MailboxKey{account.id, id}; }
  Removal removal() const { return Removal(Door::mobile_sync, device.key.id); }
};

// The whole answer. `status` is for the log only.
Task<Result<void>> answer(Conversation& conversation, Status status, std::string wbxml);
// A status in the command's own element, as section 2.2.4 of MS-ASCMD has them for all commands.
Task<Result<void>> refuse(Conversation& conversation, Status status);
// What the gate has against it; before 14.0 as HTTP's status.
Task<Result<void>> refuse(Conversation& conversation, GateRefusal refusal);

// `document` is absent if the request has no body. Its root is the command's own element.
using RunCommand = Task<Result<void>> (*)(Conversation&, std::optional<Document>);

Task<Result<void>> run_sync(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_ping(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_get_item_estimate(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_move_items(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_item_operations(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_search(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_find(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_provision(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_settings(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_resolve_recipients(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_validate_cert(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_folder_sync(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_folder_create(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_folder_delete(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_folder_update(Conversation& conversation, std::optional<Document> document);
// SmartReply and SmartForward.
Task<Result<void>> run_smart_send(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_get_attachment(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_meeting_response(Conversation& conversation, std::optional<Document> document);
Task<Result<void>> run_send_mail(Conversation& conversation, std::optional<Document> document);

}  // namespace postern::activesync
