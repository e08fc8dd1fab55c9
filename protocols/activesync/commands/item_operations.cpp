// ItemOperations: items and attachments one by one, folders emptied, conversations moved. MS-ASCMD
// section 2.2.1.10. Each operation has a status of its own.
#include <algorithm>

#include "gateway/async/worker.h"
#include "protocols/activesync/commands/move_conversation.h"
#include "protocols/activesync/commands/stored_items.h"
#include "protocols/activesync/hierarchy.h"
#include "protocols/activesync/multipart.h"
#include "protocols/activesync/schema/item_operations.h"
#include "storage/mime/transfer_encoding.h"

namespace postern::activesync {

namespace {

// Of what one answer holds: a part is in memory while it is decoded.
constexpr std::size_t kFetchedOctetsMax = 128 * 1024 * 1024;

OperationStatus status_of_failure(const Error& error) {
  switch (error.kind) {
    case ErrorKind::not_found: return OperationStatus::not_found;
    case ErrorKind::invalid: return OperationStatus::attachment_invalid;
    case ErrorKind::too_large: return OperationStatus::data_too_large;
    default: return OperationStatus::server_error;
  }
}

std::string decode_part(const std::string& encoding, const std::string& octets) {
  mime::TransferDecoder decoder(
      mime::transfer_encoding_from(encoding).value_or(mime::TransferEncoding::identity));
  std::string decoded;
  decoder.feed(octets, decoded);
  decoder.finish(decoded);
  return decoded;
}

class OperationsRun {
 public:
  OperationsRun(Conversation& conversation, std::vector<RequestedOperation> operations)
      : conversation_(conversation),
        operations_(std::move(operations)),
        is_multipart_(conversation.request.accept_multipart),
        reply_(conversation.exchange),
        answer_(reply_.buffer(), conversation.request.version) {}

  Task<Result<void>> all() {
    CO_TRY(mailboxes_, co_await conversation_.store().mailboxes().list(conversation_.account.id));
    for (const RequestedOperation& one : operations_) {
      CO_TRY_VOID(co_await carry_out(one));
      if (!is_multipart_) CO_TRY_VOID(co_await reply_.flush());
    }
    answer_.finish();
    conversation_.told_status = Status(OperationStatus::ok).code;
    conversation_.items = static_cast<std::uint32_t>(operations_.size());
    if (!is_multipart_) co_return co_await reply_.finish();
    std::string octets = multipart_.finish(std::move(reply_.buffer()));
    co_return co_await answer_whole(conversation_.exchange, std::move(octets), kMultipartType);
  }

 private:
  MessageStore& messages() { return conversation_.store().messages(); }

  // Only what is nobody's fault ends the command.
  Task<Result<void>> carry_out(const RequestedOperation& requested) {
    if (requested.refused) {
      answer_.refused(requested.operation, *requested.refused);
      co_return Result<void>();
    }
    Result<void> done;
    if (const auto* fetch = std::get_if<FetchOperation>(&requested.operation)) {
      if (fetch->file_reference.empty()) {
        done = co_await fetch_item(*fetch);
      } else {
        done = co_await fetch_file(*fetch);
      }
    } else if (const auto* empty = std::get_if<EmptyFolderOperation>(&requested.operation)) {
      done = co_await empty_folder(*empty);
    } else {
      done = co_await move(std::get<MoveConversationOperation>(requested.operation));
    }
    if (done || !is_of_one_message(done.error())) co_return done;
    answer_.refused(requested.operation, status_of_failure(done.error()));
    co_return Result<void>();
  }

  const Mailbox* find(MailboxId id) const {
    const auto found = std::find_if(mailboxes_.begin(), mailboxes_.end(),
                                    [id](const Mailbox& one) { return one.key.mailbox == id; });
    return found == mailboxes_.end() ? nullptr : &*found;
  }

  Task<Result<void>> fetch_item(const FetchOperation& fetch) {
    std::string name = fetch.long_id.empty() ? fetch.server_id : fetch.long_id;
    CO_TRY(StoredItem item, co_await find_item(conversation_, mailboxes_, std::move(name)));
    CO_TRY(EmailProperties properties,
           co_await render_item(conversation_.services, std::move(item), fetch.body));
    const bool has_data = properties.body && properties.body->data;
    if (is_multipart_ && has_data) {
      CO_TRY_VOID(check_room(properties.body->data->size()));
      properties.body->part = multipart_.add(*std::move(properties.body->data));
      properties.body->data.reset();
    }
    answer_.fetched(fetch, properties);
    co_return Result<void>();
  }

  Task<Result<void>> fetch_file(const FetchOperation& fetch) {
    CO_TRY(const StoredAttachment file,
           co_await find_attachment(conversation_, mailboxes_, fetch.file_reference));
    CO_TRY_VOID(check_room(file.part.body.size()));
    const auto reader = messages().open(file.item.mailbox.account, file.item.facts);
    CO_TRY(std::string octets, co_await read_range(*reader, file.part.body));
    auto work = [encoding = file.part.encoding, encoded = std::move(octets)] {
      return decode_part(encoding, encoded);
    };
    std::string decoded = co_await in_worker(conversation_.services.loop, std::move(work));
    co_return answer_file(fetch, file.content_type(), std::move(decoded));
  }

  Result<void> answer_file(const FetchOperation& fetch, std::string content_type, std::string decoded) {
    FetchedFile file;
    file.content_type = std::move(content_type);
    if (fetch.range) {
      // Beyond the end there is nothing; a range that reaches over it is cut (MS-ASCMD section 2.2.3.143.2).
      if (fetch.range->first >= decoded.size()) {
        answer_.refused(fetch, OperationStatus::range_invalid);
        return {};
      }
      file.total = decoded.size();
      const auto last = static_cast<std::uint32_t>(decoded.size() - 1);
      file.range = Range{fetch.range->first, std::min(fetch.range->last, last)};
      decoded = decoded.substr(file.range->first, file.range->last - file.range->first + 1);
    }
    if (is_multipart_) {
      file.part = multipart_.add(std::move(decoded));
    } else {
      file.octets = decoded;
    }
    answer_.fetched(fetch, file);
    return {};
  }

  Result<void> check_room(std::uint64_t octets) {
    fetched_octets_ += octets;
    if (fetched_octets_ > kFetchedOctetsMax) return Error(ErrorKind::too_large, "too much for one answer");
    return {};
  }

  Task<Result<void>> empty_folder(const EmptyFolderOperation& empty) {
    const auto id = parse_collection_id(empty.collection_id);
    const Mailbox* mailbox = id && is_mailbox(*id) ? find(mailbox_of(*id)) : nullptr;
    if (mailbox == nullptr) co_return Error(ErrorKind::not_found, "no such folder");
    CO_TRY_VOID(co_await messages().remove(mailbox->key, UidSet::all(), conversation_.removal()));
    if (empty.delete_subfolders) {
      CO_TRY_VOID(co_await remove_below(mailbox->name));
    }
    answer_.emptied(empty, OperationStatus::ok);
    co_return Result<void>();
  }

  // The deepest first.
  Task<Result<void>> remove_below(MailboxName parent) {
    std::vector<MailboxName> names;
    for (const Mailbox& one : mailboxes_) {
      if (one.name.is_below(parent)) names.push_back(one.name);
    }
    std::sort(names.begin(), names.end(), std::greater<>());
    for (MailboxName& name : names) {
      CO_TRY_VOID(co_await conversation_.store().mailboxes().remove(conversation_.account.id, std::move(name),
                                                                    conversation_.removal()));
    }
    co_return Result<void>();
  }

  Task<Result<void>> move(const MoveConversationOperation& move) {
    const auto id = parse_collection_id(move.destination_folder);
    const Mailbox* destination = id && is_mailbox(*id) ? find(mailbox_of(*id)) : nullptr;
    if (destination == nullptr) {
      answer_.refused(move, CommonStatus::move_destination_invalid);
      co_return Result<void>();
    }
    CO_TRY_VOID(
        co_await move_conversation(conversation_, mailboxes_, move.conversation_id, destination->key));
    answer_.moved(move, OperationStatus::ok);
    co_return Result<void>();
  }

  Conversation& conversation_;
  const std::vector<RequestedOperation> operations_;
  const bool is_multipart_;
  std::vector<Mailbox> mailboxes_;
  std::uint64_t fetched_octets_ = 0;
  Multipart multipart_;
  Reply reply_;
  ItemOperationsAnswer answer_;
};

}  // namespace

Task<Result<void>> run_item_operations(Conversation& conversation, std::optional<Document> document) {
  if (!document) co_return co_await refuse(conversation, OperationStatus::protocol_error);
  auto operations = read_item_operations(document->root());
  if (!operations) co_return co_await refuse(conversation, operations.refusal());
  OperationsRun run(conversation, std::move(*operations));
  co_return co_await run.all();
}

}  // namespace postern::activesync
