#include "storage/exchange/import.h"

#include <fmt/format.h>

#include "gateway/async/together.h"
#include "gateway/async/worker.h"

namespace postern::exchange {

namespace {

constexpr std::size_t kBatchOctetsMax = 16 * 1024 * 1024;

struct Batch {
  std::vector<SourceMessage> messages;
  bool last = false;
};

// All of a batch have UIDs, or none has.
Result<Batch> read_batch(MailSource& source, std::optional<SourceMessage>& held) {
  Batch batch;
  std::size_t octets = 0;
  while (batch.messages.size() < Intake::kMessagesMax && octets < kBatchOctetsMax) {
    std::optional<SourceMessage> message = std::exchange(held, std::nullopt);
    if (!message) {
      TRY(message, source.next());
    }
    if (!message) {
      batch.last = true;
      break;
    }
    const bool other =
        !batch.messages.empty() && batch.messages.back().uid.has_value() != message->uid.has_value();
    if (other) {
      held = std::move(message);
      break;
    }
    octets += message->octets.size();
    batch.messages.push_back(*std::move(message));
  }
  return batch;
}

Task<Result<StagedMessage>> stage(MessageStore& messages, AccountId account, const std::string& octets) {
  const std::unique_ptr<MessageSink> sink = messages.receive(account, "");
  CO_TRY_VOID(co_await sink->write(octets));
  co_return co_await sink->finish();
}

class Import {
 public:
  Import(Loop& loop, MessageStore& messages, Intake& intake, MailSource& source, ImportRequest request,
         ImportReport& report, std::function<bool(const ImportReport&)> progress)
      : loop_(loop),
        messages_(messages),
        intake_(intake),
        source_(source),
        request_(std::move(request)),
        report_(report),
        progress_(std::move(progress)) {}

  Task<Result<void>> run() {
    auto find = [this] { return source_.folders(); };
    CO_TRY(std::vector<SourceFolder> folders, co_await in_worker(loop_, find));
    for (const SourceFolder& folder : folders) report_.expected += folder.messages;
    for (SourceFolder& folder : folders) {
      const Result<void> taken = co_await take_folder(folder);
      if (taken) continue;
      const ErrorKind kind = taken.error().kind;
      const bool of_the_folder =
          kind == ErrorKind::invalid || kind == ErrorKind::stale || kind == ErrorKind::too_large;
      if (!of_the_folder) co_return taken;
      skip(folder.path + ": " + taken.error().detail);
    }
    co_return Result<void>();
  }

 private:
  void skip(std::string reason) {
    ++report_.skipped;
    note(std::move(reason));
  }

  Result<MailboxName> name_of(const SourceFolder& folder) const {
    if (!request_.below) return folder.mailbox;
    return MailboxName::parse(request_.below->text() + kHierarchySeparator + folder.mailbox.text());
  }

  Task<Result<void>> take_folder(SourceFolder& folder) {
    if (!folder.refused.empty()) {
      skip(folder.refused);
      co_return Result<void>();
    }
    auto enter = [this, &folder] { return source_.enter(folder); };
    CO_TRY_VOID(co_await in_worker(loop_, enter));
    CO_TRY(const MailboxName name, name_of(folder));
    CO_TRY(const MailboxKey mailbox, co_await intake_.open(request_.account, name, folder.uid_validity));
    report_.mailbox = name.text();
    mailbox_ = name.text();
    mark_.reset();
    if (folder.source_validity) CO_TRY_VOID(co_await recall(folder));
    std::optional<SourceMessage> held;
    for (bool last = false; !last;) {
      auto read = [this, &held] { return read_batch(source_, held); };
      CO_TRY(Batch batch, co_await in_worker(loop_, read));
      last = batch.last;
      UidSet brought;
      for (const SourceMessage& message : batch.messages) {
        if (message.source_uid && message.refused.empty()) brought.add(*message.source_uid);
      }
      CO_TRY_VOID(co_await take_batch(folder, mailbox, std::move(batch.messages)));
      if (!brought.empty()) CO_TRY_VOID(co_await remember(brought));
      const bool goes_on = progress_(report_);
      if (!goes_on) co_return Error(ErrorKind::closed, "broken off");
    }
    if (folder.uid_validity) CO_TRY_VOID(co_await intake_.reserve(mailbox, folder.uid_next, ModSeq(0)));
    ++report_.folders;
    co_return Result<void>();
  }

  std::string mark_key(const SourceFolder& folder) const {
    return intake_.key("brought:" + std::to_string(request_.source.size()) + ':' + request_.source +
                       folder.path);
  }

  // What earlier runs have brought is not asked for again, however long ago that was.
  Task<Result<void>> recall(const SourceFolder& folder) {
    mark_key_ = mark_key(folder);
    CO_TRY(mark_, co_await intake_.brought(request_.account, mark_key_));
    const bool still = mark_ && mark_->uid_validity == *folder.source_validity;
    if (mark_ && !still)
      note(mailbox_ + ": its UIDVALIDITY has changed there; its messages are brought again");
    if (still) {
      report_.known += mark_->uids.size();
      source_.pass_over(mark_->uids);
    } else {
      mark_.emplace();
      mark_->uid_validity = *folder.source_validity;
    }
    co_return Result<void>();
  }

  Task<Result<void>> remember(const UidSet& brought) {
    mark_->uids.add(brought);
    BroughtMark mark = *mark_;
    co_return co_await intake_.set_brought(request_.account, mark_key_, std::move(mark));
  }

  void note(std::string reason) {
    if (report_.reasons.size() < kReasonsMax) report_.reasons.push_back(std::move(reason));
  }

  // What tells a message of this source from all others, and from itself in another mailbox.
  std::string key_of(const SourceMessage& message) const {
    std::string fields;
    for (const std::string& field : {request_.source, mailbox_, message.name})
      fields += std::to_string(field.size()) + ':' + field;
    return intake_.key(fields);
  }

  Task<Result<void>> take_batch(const SourceFolder& folder, MailboxKey mailbox,
                                std::vector<SourceMessage> read) {
    std::vector<SourceMessage> wanted;
    std::vector<std::string> keys;
    for (SourceMessage& message : read) {
      if (!message.refused.empty()) {
        skip(std::move(message.refused));
        continue;
      }
      keys.push_back(key_of(message));
      wanted.push_back(std::move(message));
    }
    if (wanted.empty()) co_return Result<void>();
    CO_TRY(const std::vector<bool> known, co_await intake_.known(mailbox.account, keys));

    std::vector<Task<Result<StagedMessage>>> staging;
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (known[i]) {
        ++report_.known;
        continue;
      }
      chosen.push_back(i);
      staging.push_back(stage(messages_, mailbox.account, wanted[i].octets));
    }
    std::vector<Result<StagedMessage>> staged = co_await together(loop_, std::move(staging));
    std::vector<IntakeMessage> incoming;
    std::uint64_t octets = 0;
    for (std::size_t k = 0; k < chosen.size(); ++k) {
      SourceMessage& from = wanted[chosen[k]];
      if (!staged[k]) co_return staged[k].error();
      IntakeMessage& one = incoming.emplace_back();
      one.message = *std::move(staged[k]);
      one.with.flags = std::move(from.flags);
      one.with.internal_date = from.internal_date;
      one.with.internal_zone_minutes = from.internal_zone_minutes;
      one.with.pop3_uidl = std::move(from.pop3_uidl);
      const bool makes_uidl = from.uid && one.with.pop3_uidl.empty() && folder.uid_validity;
      if (makes_uidl) one.with.pop3_uidl = uidl_of(request_.uidls, *folder.uid_validity, *from.uid);
      one.uid = from.uid;
      one.key = std::move(keys[chosen[k]]);
      octets += one.message.size;
    }
    if (incoming.empty()) co_return Result<void>();
    CO_TRY_VOID(co_await take(mailbox, std::move(incoming)));
    report_.octets += octets;
    co_return Result<void>();
  }

  Task<Result<void>> take(MailboxKey mailbox, std::vector<IntakeMessage> incoming) {
    std::vector<IntakeMessage> again = incoming;
    auto taken = co_await intake_.take(mailbox, std::move(incoming));
    const bool uids_are_gone = !taken && taken.error().kind == ErrorKind::stale;
    if (uids_are_gone) {
      // Mail has come in between two runs. Better with new UIDs than not at all.
      for (IntakeMessage& one : again) one.uid.reset();
      taken = co_await intake_.take(mailbox, std::move(again));
      if (taken) note(mailbox_ + ": new mail has taken UIDs; later messages get others");
    }
    if (!taken) co_return taken.error();
    report_.messages += taken->messages;
    report_.known += taken->known;
    co_return Result<void>();
  }

  Loop& loop_;
  MessageStore& messages_;
  Intake& intake_;
  MailSource& source_;
  const ImportRequest request_;
  ImportReport& report_;
  const std::function<bool(const ImportReport&)> progress_;
  std::string mailbox_;  // at work; the report may be shared
  std::string mark_key_;
  std::optional<BroughtMark> mark_;
};

}  // namespace

std::optional<UidlFormat> uidl_format_from(std::string_view name) {
  if (name == "ours") return UidlFormat::ours;
  if (name == "dovecot") return UidlFormat::dovecot;
  if (name == "cyrus") return UidlFormat::cyrus;
  if (name == "courier") return UidlFormat::courier;
  return std::nullopt;
}

std::string uidl_of(UidlFormat format, UidValidity validity, Uid uid) {
  switch (format) {
    case UidlFormat::ours: return "";
    case UidlFormat::dovecot: return fmt::format("{:08x}{:08x}", raw(uid), raw(validity));  // %08Xu%08Xv
    case UidlFormat::cyrus: return fmt::format("{}.{}", raw(validity), raw(uid));
    case UidlFormat::courier: return fmt::format("{}-{}", raw(validity), raw(uid));
  }
  return "";
}

Task<Result<void>> import_mail(Loop& loop, MessageStore& messages, Intake& intake, MailSource& source,
                               ImportRequest request, ImportReport& report,
                               std::function<bool(const ImportReport&)> progress) {
  Import import(loop, messages, intake, source, std::move(request), report, std::move(progress));
  co_return co_await import.run();
}

}  // namespace postern::exchange
