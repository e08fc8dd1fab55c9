// Ping: tell the device when one of its folders has something for it. MS-ASCMD section 2.2.1.13. It never
// says so of a folder whose Sync would bring nothing: both ask mail_collection.
#include <algorithm>

#include "gateway/async/together.h"
#include "protocols/activesync/change_wait.h"
#include "protocols/activesync/commands/admission.h"
#include "protocols/activesync/commands/folder_ledger.h"
#include "protocols/activesync/commands/mail_collection.h"
#include "protocols/activesync/octet_fields.h"
#include "protocols/activesync/schema/ping.h"
#include "storage/devices.h"

namespace postern::activesync {

namespace {

std::string encode_folders(const std::vector<PingFolder>& folders) {
  OctetWriter out;
  out.number(folders.size());
  for (const PingFolder& folder : folders) out.text(folder.id);
  return out.take();
}

std::vector<std::string> decode_folders(std::string_view octets) {
  OctetReader in(octets);
  std::vector<std::string> ids;
  for (std::size_t left = in.count(); left > 0 && in.ok(); --left) ids.push_back(in.text());
  return ids;
}

class PingRun {
 public:
  explicit PingRun(Conversation& conversation) : conversation_(conversation) {}

  Task<Result<void>> all(std::optional<Document> document) {
    PingRequest request;
    if (document) {
      auto read = read_ping(document->root());
      if (!read) co_return co_await tell(read.refusal());
      request = std::move(*read);
    }
    document.reset();  // a wait holds nothing that it does not need
    const DevicePing& before = conversation_.device.ping;
    DevicePing ping;
    ping.interval_s = request.heartbeat_s.value_or(before.interval_s);
    ping.folders = request.folders ? encode_folders(*request.folders) : before.folders;
    const std::vector<std::string> ids = decode_folders(ping.folders);
    if (ping.interval_s == 0 || ids.empty()) co_return co_await tell(PingStatus::missing_parameters);
    if (const auto limit = heartbeat_limit(ping.interval_s)) {
      response_.heartbeat_s = limit;
      co_return co_await tell(PingStatus::heartbeat_out_of_range);
    }
    if (ids.size() > kPingFoldersMax) {
      response_.max_folders = kPingFoldersMax;
      co_return co_await tell(PingStatus::too_many_folders);
    }
    const bool is_new = ping.interval_s != before.interval_s || ping.folders != before.folders;
    if (is_new && conversation_.request.device_id != kValidatingDevice) {
      CO_TRY_VOID(co_await devices().set_ping(conversation_.device.key, ping));
    }
    for (const std::string& id : ids) {
      const auto collection = parse_collection_id(id);
      if (!collection) co_return co_await tell(PingStatus::folders_changed);
      collections_.push_back(*collection);
    }
    co_return co_await wait(std::chrono::seconds(ping.interval_s));
  }

 private:
  DeviceStore& devices() { return conversation_.store().devices(); }

  Task<Result<void>> tell(Status status) {
    response_.status = status;
    conversation_.items = static_cast<std::uint32_t>(response_.folders.size());
    std::string wbxml;
    write(wbxml, response_);
    co_return co_await answer(conversation_, status, std::move(wbxml));
  }

  Task<Result<void>> wait(Milliseconds span) {
    std::vector<MailboxKey> mailboxes;
    for (const CollectionId id : collections_) {
      if (is_mailbox(id)) mailboxes.push_back(conversation_.mailbox(mailbox_of(id)));
    }
    ChangeWait wait(conversation_.services.loop, conversation_.store().changes(), conversation_.exchange,
                    conversation_.device, mailboxes, span);
    bool look_at_folders = true;
    Turnstile::Pass pass;  // the first look is the request's own
    while (true) {
      auto news = co_await look(look_at_folders);
      pass = Turnstile::Pass();
      if (!news) co_return std::move(news).error();
      if (*news == Status(PingStatus::changes)) wait.told(conversation_.services.metrics);
      if (*news) co_return co_await tell(**news);
      const Woken woken = co_await wait.next();
      if (woken == Woken::gone) co_return Error(ErrorKind::closed, "the device has hung up");
      const bool over = woken == Woken::expired || woken == Woken::newer_request;
      if (over) co_return co_await tell(PingStatus::expired);
      pass = co_await conversation_.looks.enter();
      look_at_folders = woken == Woken::account;
      if (!look_at_folders) continue;
      CO_TRY(const bool admitted, co_await still_admitted(conversation_));
      if (!admitted) co_return Result<void>();
    }
  }

  // What there is to tell; nothing: go on waiting.
  Task<Result<std::optional<Status>>> look(bool at_folders) {
    if (at_folders) {
      CO_TRY(const bool moved, co_await folders_have_moved());
      if (moved) co_return std::optional<Status>(PingStatus::folders_changed);
    }
    const auto looked = co_await look_for_mail();
    const bool gone = !looked && looked.error().kind == ErrorKind::not_found;
    if (gone) co_return std::optional<Status>(PingStatus::folders_changed);
    if (!looked) co_return looked.error();
    if (response_.folders.empty()) co_return std::optional<Status>();
    co_return std::optional<Status>(PingStatus::changes);
  }

  // A folder that is watched is gone, or the device knows another hierarchy than there is.
  Task<Result<bool>> folders_have_moved() {
    CO_TRY(const FolderLedgerView view, co_await FolderLedgerView::load(conversation_));
    if (view.changed()) co_return true;
    co_return std::any_of(collections_.begin(), collections_.end(),
                          [&view](CollectionId id) { return is_mailbox(id) && view.find(id) == nullptr; });
  }

  // Fills in the folders that have news. One without a ledger has: its Sync must start over.
  Task<Result<void>> look_for_mail() {
    std::vector<CollectionId> ids = collections_;
    CO_TRY(const std::vector<CollectionLedger> ledgers,
           co_await devices().ledgers(conversation_.device.key, std::move(ids)));
    std::vector<Task<Result<bool>>> looks;
    for (const CollectionId id : collections_) looks.push_back(has_news_in(id, ledgers));
    const auto looked = co_await together(conversation_.services.loop, std::move(looks));
    for (std::size_t i = 0; i < looked.size(); ++i) {
      if (!looked[i]) co_return looked[i].error();
      if (*looked[i]) response_.folders.push_back(wire_id(collections_[i]));
    }
    co_return Result<void>();
  }

  Task<Result<bool>> has_news_in(CollectionId id, const std::vector<CollectionLedger>& ledgers) {
    const auto found = std::find_if(ledgers.begin(), ledgers.end(),
                                    [id](const CollectionLedger& one) { return one.collection == id; });
    if (found == ledgers.end()) co_return true;
    if (!is_mailbox(id)) co_return false;
    co_return co_await has_news(conversation_, found->ledger.current, conversation_.mailbox(mailbox_of(id)));
  }

  Conversation& conversation_;
  std::vector<CollectionId> collections_;
  PingResponse response_;
};

}  // namespace

Task<Result<void>> run_ping(Conversation& conversation, std::optional<Document> document) {
  PingRun run(conversation);
  co_return co_await run.all(std::move(document));
}

}  // namespace postern::activesync
