// SmartReply and SmartForward: what a device has written, with the message that it is about. MS-ASCMD
// sections 2.2.1.18 and 2.2.1.19. The message itself is made in smart_message.cpp.
#include "gateway/async/worker.h"
#include "gateway/base/text.h"
#include "protocols/activesync/commands/outgoing.h"
#include "protocols/activesync/commands/piece_reader.h"
#include "protocols/activesync/commands/stored_items.h"
#include "protocols/activesync/smart_message.h"
#include "protocols/shared/digest.h"
#include "storage/mime/scanner.h"

namespace postern::activesync {

namespace {

constexpr std::size_t kTokenOctets = 16;

class SmartSend {
 public:
  SmartSend(Conversation& conversation, SendRequest request)
      : conversation_(conversation), request_(std::move(request)) {}

  Task<Result<void>> run() {
    CO_TRY(const std::vector<Mailbox> mailboxes,
           co_await conversation_.store().mailboxes().list(conversation_.account.id));
    const SendSource& source = request_.source;
    std::string name = source.long_id.empty() ? source.item_id : source.long_id;
    auto item = co_await find_item(conversation_, mailboxes, std::move(name));
    const bool is_gone = !item && item.error().kind == ErrorKind::not_found;
    if (is_gone) co_return co_await refuse_sending(conversation_, CommonStatus::item_not_found);
    if (!item) co_return std::move(item).error();
    item_ = &*item;
    CO_TRY(stored_.structure, mime::decode(item_->facts.structure));
    stored_.octets = item_->facts.size;
    const auto refused = make_message();
    if (refused) co_return co_await refuse_sending(conversation_, *refused);
    auto scan = [octets = device_.octets] { return mime::scan(octets); };
    device_.structure = co_await in_worker(conversation_.services.loop, std::move(scan));
    auto pieces = co_await pieces_of_message();
    if (!pieces) co_return std::move(pieces).error();
    CO_TRY(SubmissionOutcome outcome, co_await submit(*std::move(pieces)));
    const auto status = status_of(conversation_, outcome);
    if (status) co_return co_await refuse_sending(conversation_, *status);
    co_await mark_source();
    co_return co_await confirm_sending(conversation_);
  }

 private:
  MessageStore& messages() { return conversation_.store().messages(); }

  // What the device has written; for a meeting handed on by the server, what it would have.
  std::optional<Status> make_message() {
    if (!request_.forwardees.empty()) {
      if (layout_of(stored_.structure.root).calendar == nullptr) return CommonStatus::unexpected_item_class;
      written_ = forwarded_meeting(conversation_.account.address, request_, stored_.structure);
      request_.mime = written_;
      request_.save_in_sent_items = true;
    }
    device_.octets = request_.mime;
    return std::nullopt;
  }

  Task<Result<mime::Pieces>> pieces_of_message() {
    const bool as_it_is = request_.replace_mime || must_stay_whole(device_);
    if (as_it_is) {
      mime::Pieces pieces;
      pieces.push_back(mime::text_piece(thread_fields(device_.structure, stored_.structure)));
      pieces.push_back(mime::view_piece(device_.octets));
      co_return pieces;
    }
    CO_TRY_VOID(co_await read_texts());
    // Nothing of this frame goes away before the work is done.
    auto work = [this] {
      return mime::compose(smart_composition(request_.kind, device_, stored_), frame_token());
    };
    co_return co_await in_worker(conversation_.services.loop, std::move(work));
  }

  // Before 14.0 there is no ClientId: what comes again is known by its octets (shared/submission.h), and the
  // boundaries that are made here are among them.
  std::string frame_token() const {
    if (!request_.client_id.empty()) return text::hex(random_octets(kTokenOctets));
    return text::hex(sha256(device_.octets).substr(0, kTokenOctets));
  }

  Task<Result<void>> read_texts() {
    const MessageLayout layout = layout_of(stored_.structure.root);
    const auto reader = messages().open(item_->mailbox.account, item_->facts);
    CO_TRY(stored_.plain, co_await read_range(*reader, quoted_range(layout.plain)));
    CO_TRY(stored_.html, co_await read_range(*reader, quoted_range(layout.html)));
    const mime::Part& root = stored_.structure.root;
    const bool needs_header = !root.is_multipart() && root.header.size() <= mime::kOutgoingHeaderOctetsMax;
    if (!needs_header) co_return Result<void>();
    CO_TRY(stored_.header, co_await read_range(*reader, root.header));
    co_return Result<void>();
  }

  Task<Result<SubmissionOutcome>> submit(mime::Pieces pieces) {
    SubmissionRequest outgoing =
        outgoing_request(conversation_, request_.client_id, request_.save_in_sent_items);
    Submission submission(conversation_.services, conversation_.settings, std::move(outgoing));
    PieceReader reader(std::move(pieces), messages().open(item_->mailbox.account, item_->facts));
    while (true) {
      CO_TRY(const std::string octets, co_await reader.next());
      if (octets.empty()) break;
      co_await submission.write(octets);
    }
    co_return co_await submission.finish();
  }

  // The message is on its way, whatever becomes of the mark.
  Task<void> mark_source() {
    FlagChange change{FlagChangeMode::add, {}};
    if (request_.kind == SendKind::reply) {
      change.flags.set(SystemFlag::answered);
    } else {
      change.flags.add_keyword("$Forwarded");
    }
    auto stored = co_await messages().store_flags(item_->mailbox, UidSet::one(item_->facts.uid),
                                                  std::move(change), std::nullopt);
    if (stored) co_return;
    conversation_.services.log.event(Level::warning, "activesync.source_not_marked",
                                     {{"session", conversation_.exchange.session()},
                                      {"account", raw(conversation_.account.id)},
                                      {"detail", stored.error().detail}});
  }

  Conversation& conversation_;
  SendRequest request_;
  const StoredItem* item_ = nullptr;  // of run()'s frame
  std::string written_;
  DeviceMessage device_;
  StoredMessage stored_;
};

// Before 14.0: the body is the message, the query names the other one.
SendRequest request_of_query(const Request& query, std::string_view body) {
  SendRequest request;
  request.kind = query.command == Command::smart_reply ? SendKind::reply : SendKind::forward;
  request.save_in_sent_items = query.save_in_sent;
  request.source.folder_id = query.collection_id;
  request.source.item_id = query.item_id;
  request.source.long_id = query.long_id;
  request.mime = body;
  return request;
}

}  // namespace

Task<Result<void>> run_smart_send(Conversation& conversation, std::optional<Document> document) {
  auto refused = form_refusal(conversation, document.has_value());
  if (!refused) refused = sending_refusal(conversation);
  if (refused) co_return co_await refuse_sending(conversation, *refused);
  std::string body;
  Parsed<SendRequest> request = CommonStatus::invalid_mime;
  if (document) {
    request = read_send(document->root());
  } else {
    CO_TRY(body, co_await conversation.exchange.body(conversation.settings.activesync.request_octets_max));
    request = check_send(request_of_query(conversation.request, body));
  }
  if (!request) co_return co_await refuse_sending(conversation, request.refusal());
  const bool is_for_other = !request->account_id.empty();
  if (is_for_other) co_return co_await refuse_sending(conversation, CommonStatus::invalid_account_id);
  SmartSend send(conversation, std::move(*request));
  auto sent = co_await send.run();
  const bool is_broken = !sent && is_of_one_message(sent.error());
  if (is_broken) co_return co_await refuse_sending(conversation, CommonStatus::server_error);
  co_return sent;
}

}  // namespace postern::activesync
