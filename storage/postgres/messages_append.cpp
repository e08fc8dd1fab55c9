// Messages that clients put into mailboxes: one, which waits with the deliveries for a commit, or several,
// which are one statement of their own.
#include <algorithm>

#include "storage/postgres/messages.h"
#include "storage/postgres/page_codec.h"
#include "storage/postgres/repeatable.h"
#include "storage/postgres/write_keys.h"

namespace postern::postgres {

Task<Result<Placement>> PostgresMessages::placement_of(MailboxKey mailbox, NewMessage with) {
  Placement placement;
  placement.account = mailbox.account;
  placement.mailbox = mailbox.mailbox;
  placement.key = random_write_key();
  std::vector<KeywordTable::Number> numbers;
  if (!with.flags.keywords.empty()) {
    CO_TRY(SnapshotPtr snapshot, co_await index_.reaching(mailbox, ModSeq(0)));
    KeywordTable table = snapshot->keywords();
    CO_TRY(numbers, co_await keyword_numbers(mailbox, with.flags.keywords, table));
  }
  placement.system_flags = with.flags.system;
  placement.flags = encode_flags(with.flags.system, numbers);
  placement.internal_date = with.internal_date.value_or(clock_.now());
  placement.internal_zone_minutes = with.internal_zone_minutes;
  placement.pop3_uidl = std::move(with.pop3_uidl);
  co_return placement;
}

Task<Result<Appended>> PostgresMessages::append(const StagedMessage& message, MailboxKey mailbox,
                                                NewMessage with) {
  CO_TRY(Placement placement, co_await placement_of(mailbox, std::move(with)));
  co_return co_await place(message, std::move(placement));
}

Task<Result<AppendedAll>> PostgresMessages::append_all(MailboxKey mailbox,
                                                       std::vector<NewStagedMessage> messages) {
  if (messages.size() > kAppendedMax) co_return Error(ErrorKind::too_large, "too many messages at a time");
  AppendedAll all;
  if (messages.size() == 1) {
    NewStagedMessage& one = messages.front();
    CO_TRY(const Appended appended, co_await append(one.message, mailbox, std::move(one.with)));
    all.uid_validity = appended.uid_validity;
    all.uids.add(appended.uid);
    all.modseq = appended.modseq;
    co_return all;
  }
  std::vector<Placement> placements;
  for (NewStagedMessage& one : messages) {
    CO_TRY(Placement placement, co_await placement_of(mailbox, std::move(one.with)));
    placement.message = &one.message;
    placement.save_date = clock_.now();
    placements.push_back(std::move(placement));
  }
  std::vector<const Placement*> borrowed;
  for (const Placement& placement : placements) borrowed.push_back(&placement);
  std::vector<Query> queries(1, place_messages(borrowed));
  // What is in doubt is done again: the keys tell what was done.
  auto rows = co_await batch_repeatable(database_, Lane::write, std::move(queries));
  if (!rows && rows.error().kind == ErrorKind::invalid)
    co_return Error(ErrorKind::not_found, "no such mailbox");
  if (!rows) co_return std::move(rows).error();
  const std::vector<Placed> placed = placed_from(rows->front());
  if (placed.empty()) {
    const auto why = co_await deliveries_.why_refused(placements.front());
    co_return why.error();
  }
  for (const Placed& one : placed) {
    all.uid_validity = one.appended.uid_validity;
    all.uids.add(one.appended.uid);
    all.modseq = std::max(all.modseq, one.appended.modseq);
  }
  doorbell_.ring(mailbox, all.modseq);
  co_return all;
}

Task<Result<std::vector<KeywordTable::Number>>> PostgresMessages::keyword_numbers(
    MailboxKey mailbox, std::vector<std::string> names, KeywordTable& table) {
  if (!table.has_all(names)) {
    CO_TRY(std::vector<NumberedKeyword> keywords, co_await allocate_keywords(database_, mailbox, names));
    for (NumberedKeyword& keyword : keywords) table.learn(keyword.number, std::move(keyword.name));
  }
  std::vector<KeywordTable::Number> numbers;
  for (const std::string& name : names) numbers.push_back(table.number_of(name).value());
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  co_return numbers;
}

}  // namespace postern::postgres
