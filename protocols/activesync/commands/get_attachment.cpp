// GetAttachment, for clients before 14.0: one attachment as the whole answer, decoded while it goes out.
// MS-ASCMD section 2.2.1.7. It has no status but HTTP's: 500 for what is gone (R166), 400 for no reference.
#include <algorithm>

#include "protocols/activesync/commands/stored_items.h"
#include "protocols/http/problem.h"
#include "storage/mime/transfer_encoding.h"

namespace postern::activesync {

namespace {

constexpr std::size_t kPieceOctets = 64 * 1024;

Task<Result<void>> refuse_file(Conversation& conversation, int status) {
  conversation.told_status = static_cast<std::uint16_t>(status);
  http::Response response = http::plain(status);
  co_return co_await conversation.exchange.answer(std::move(response));
}

Task<Result<void>> send_file(Conversation& conversation, StoredAttachment attachment) {
  const auto reader =
      conversation.store().messages().open(attachment.item.mailbox.account, attachment.item.facts);
  mime::TransferDecoder decoder(
      mime::transfer_encoding_from(attachment.part.encoding).value_or(mime::TransferEncoding::identity));
  mime::OctetRange rest = attachment.part.body;
  http::Response head(200);
  head.fields.set("Content-Type", attachment.content_type());
  CO_TRY_VOID(co_await conversation.exchange.begin(std::move(head)));
  while (rest.begin < rest.end) {
    const std::size_t wanted = std::min<std::uint64_t>(rest.size(), kPieceOctets);
    CO_TRY(const std::string_view piece, co_await reader->read(rest.begin, wanted));
    if (piece.empty()) break;
    rest.begin += piece.size();
    std::string decoded;
    decoder.feed(piece, decoded);
    if (!decoded.empty()) CO_TRY_VOID(co_await conversation.exchange.write(decoded));
  }
  std::string last;
  decoder.finish(last);
  if (!last.empty()) CO_TRY_VOID(co_await conversation.exchange.write(last));
  co_return co_await conversation.exchange.end();
}

}  // namespace

Task<Result<void>> run_get_attachment(Conversation& conversation, std::optional<Document>) {
  CO_TRY(const std::vector<Mailbox> mailboxes,
         co_await conversation.store().mailboxes().list(conversation.account.id));
  auto attachment = co_await find_attachment(conversation, mailboxes, conversation.request.attachment_name);
  if (!attachment) {
    if (!is_of_one_message(attachment.error())) co_return std::move(attachment).error();
    const int status = attachment.error().kind == ErrorKind::invalid ? 400 : 500;
    co_return co_await refuse_file(conversation, status);
  }
  conversation.items = 1;
  co_return co_await send_file(conversation, *std::move(attachment));
}

}  // namespace postern::activesync
