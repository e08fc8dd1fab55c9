#include "storage/exchange/export.h"

#include "gateway/async/worker.h"
#include "storage/exchange/disk.h"
#include "storage/exchange/export_target.h"

namespace postern::exchange {

namespace {

constexpr std::size_t kPieceOctets = 256 * 1024;

class Export {
 public:
  Export(Loop& loop, MailboxStore& mailboxes, MessageStore& messages, ExportRequest request,
         ExportReport& report, std::function<bool(const ExportReport&)> progress)
      : loop_(loop),
        mailboxes_(mailboxes),
        messages_(messages),
        request_(std::move(request)),
        report_(report),
        progress_(std::move(progress)) {}

  Task<Result<void>> run() {
    std::vector<Mailbox> chosen;
    if (request_.mailbox) {
      CO_TRY(Mailbox mailbox, co_await mailboxes_.find(request_.account, *request_.mailbox));
      chosen.push_back(std::move(mailbox));
    } else {
      CO_TRY(chosen, co_await mailboxes_.list(request_.account));
    }
    auto make = [this] { return make_directory(request_.path); };
    CO_TRY_VOID(co_await in_worker(loop_, make));
    for (const Mailbox& mailbox : chosen) CO_TRY_VOID(co_await write_mailbox(mailbox));
    co_return Result<void>();
  }

 private:
  Task<Result<void>> write_mailbox(const Mailbox& mailbox) {
    report_.mailbox = mailbox.name.text();
    CO_TRY(const SnapshotPtr snapshot, co_await messages_.snapshot(mailbox.key));
    Mailbox as_read = mailbox;
    as_read.status = snapshot->status();
    auto open = [this, &as_read] { return open_target(request_, as_read); };
    auto opened = co_await in_worker(loop_, open);
    if (!opened) {
      const ErrorKind kind = opened.error().kind;
      if (kind != ErrorKind::invalid && kind != ErrorKind::already_exists) co_return opened.error();
      report_.reasons.push_back(report_.mailbox + ": " + opened.error().detail);
      co_return Result<void>();
    }
    const std::unique_ptr<ExportTarget> target = *std::move(opened);
    UidSet some;
    std::size_t count = 0;
    for (std::size_t i = 0; i < snapshot->size(); ++i) {
      some.add(snapshot->at(i).uid);
      if (++count < MessageStore::kFactsMax && i + 1 < snapshot->size()) continue;
      CO_TRY_VOID(co_await write_some(mailbox.key, *snapshot, std::exchange(some, UidSet()), *target));
      count = 0;
      const bool goes_on = progress_(report_);
      if (!goes_on) co_return Error(ErrorKind::closed, "broken off");
    }
    auto finish = [&target] { return target->finish(); };
    CO_TRY_VOID(co_await in_worker(loop_, finish));
    ++report_.mailboxes;
    co_return Result<void>();
  }

  Task<Result<void>> write_some(MailboxKey mailbox, const MailboxSnapshot& snapshot, UidSet uids,
                                ExportTarget& target) {
    const std::uint64_t asked = uids.size();
    CO_TRY(const std::vector<MessageFacts> all,
           co_await messages_.facts(mailbox, std::move(uids), FetchDepth::facts));
    report_.skipped += asked - all.size();
    messages_.read_ahead(mailbox.account, all);
    for (const MessageFacts& facts : all) {
      if (target.has(facts)) {
        ++report_.there;
        continue;
      }
      ExportedMessage message;
      message.facts = facts;
      message.flags = snapshot.flags(*snapshot.find(facts.uid));
      const auto reader = messages_.open(mailbox.account, facts);
      Result<void> whole;
      while (whole && message.octets.size() < facts.size) {
        auto piece = co_await reader->read(message.octets.size(), kPieceOctets);
        if (piece) {
          message.octets += *piece;
        } else {
          whole = piece.error();
        }
      }
      if (!whole && whole.error().kind != ErrorKind::not_found) co_return whole;
      if (!whole) {
        ++report_.skipped;
        continue;
      }
      auto write = [&target, &message] { return target.write(message); };
      CO_TRY_VOID(co_await in_worker(loop_, write));
      ++report_.messages;
      report_.octets += message.octets.size();
    }
    co_return Result<void>();
  }

  Loop& loop_;
  MailboxStore& mailboxes_;
  MessageStore& messages_;
  const ExportRequest request_;
  ExportReport& report_;
  const std::function<bool(const ExportReport&)> progress_;
};

}  // namespace

Task<Result<void>> export_mail(Loop& loop, MailboxStore& mailboxes, MessageStore& messages,
                               ExportRequest request, ExportReport& report,
                               std::function<bool(const ExportReport&)> progress) {
  Export run(loop, mailboxes, messages, std::move(request), report, std::move(progress));
  co_return co_await run.run();
}

}  // namespace postern::exchange
