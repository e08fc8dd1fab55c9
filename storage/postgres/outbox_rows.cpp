#include "storage/postgres/outbox_rows.h"

namespace postern::postgres {

QueuedMessage queued_from_row(const Row& row) {
  QueuedMessage message;
  message.key = OutboxKey{row.get<AccountId>(0), row.get<OutboxId>(1)};
  message.envelope.reverse_path = row.get<std::string>(2);
  message.envelope.envelope_id = row.get<std::string>(3);
  message.envelope.return_content = row.get<ReturnContent>(4);
  message.envelope.eight_bit = row.get<bool>(5);
  message.envelope.smtputf8 = row.get<bool>(6);
  message.blob = row.get<BlobId>(7);
  message.size = static_cast<std::uint64_t>(row.get<std::int64_t>(8));
  message.queued_at = row.get<WallTime>(9);
  message.expires_at = row.get<WallTime>(10);
  message.next_attempt = row.get<std::optional<WallTime>>(11);
  message.attempts = static_cast<std::uint32_t>(row.get<std::int32_t>(12));
  message.held = row.get<std::optional<bool>>(13).value_or(false);
  message.warned = row.get<bool>(14);
  const auto numbers = row.get<std::vector<std::int64_t>>(15);
  auto addresses = row.get<std::vector<std::string>>(16);
  const auto notify = row.get<std::vector<std::int64_t>>(17);
  auto originals = row.get<std::vector<std::string>>(18);
  const auto states = row.get<std::vector<std::int64_t>>(19);
  const auto reports = row.get<std::vector<std::int64_t>>(20);
  auto answers = row.get<std::vector<std::string>>(21);
  const auto settled = row.get<std::vector<std::int64_t>>(22);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    QueuedRecipient recipient;
    recipient.number = static_cast<std::uint32_t>(numbers[i]);
    recipient.who.address = std::move(addresses[i]);
    recipient.who.notify = static_cast<std::uint8_t>(notify[i]);
    recipient.who.original = std::move(originals[i]);
    recipient.state = static_cast<RecipientState>(states[i]);
    recipient.report = static_cast<Report>(reports[i]);
    recipient.answer = std::move(answers[i]);
    if (settled[i] != 0) recipient.settled_at = WallTime(std::chrono::microseconds(settled[i]));
    message.recipients.push_back(std::move(recipient));
  }
  return message;
}

}  // namespace postern::postgres
