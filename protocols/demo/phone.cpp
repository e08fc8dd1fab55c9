#include "protocols/demo/phone_answers.h"
#include "protocols/demo/phone_line.h"
#include "protocols/demo/scenes.h"

namespace postern::demo {

namespace {

constexpr unsigned kHeartbeatSeconds = 300;
constexpr std::chrono::seconds kBeyondHeartbeat{30};
constexpr std::chrono::milliseconds kRefusedPause{1000};  // a phone tries again, if not so soon
constexpr int kChangesFound = 2;                          // a Ping's status

// A key or an id, as the page brings it back.
std::string word(const Json& from, const char* member, const std::string& otherwise) {
  constexpr std::size_t kWordOctetsMax = 200;
  const std::string value = from.is_object() ? from.value(member, otherwise) : otherwise;
  return value.size() <= kWordOctetsMax ? value : otherwise;
}

class Phone {
 public:
  Phone(Scene& scene, const Stage& stage, const Json& wish)
      : scene_(scene), stage_(stage), line_(scene, stage) {
    if (wish.contains("phone")) remember(wish["phone"]);
    if (wish.contains("delete")) change_ = PhoneChange{word(wish, "delete", ""), std::nullopt};
    if (!wish.contains("read")) return;
    const Json& read = wish["read"];
    change_ = PhoneChange{word(read, "id", ""), read.value("read", true)};
  }

  Task<Result<void>> live() {
    const Deadline end = Deadline::after(kSceneMax);
    while (!end.passed() && !scene_.over()) {
      CO_TRY(const Judged judged, co_await attend());
      if (judged.verdict == Verdict::policy_needed) CO_TRY_VOID(co_await provision());
      if (judged.verdict == Verdict::anew) CO_TRY_VOID(co_await forget());
      if (judged.verdict == Verdict::refused) CO_TRY_VOID(co_await bear(judged.status));
    }
    co_return Result<void>();
  }

 private:
  void remember(const Json& phone) {
    memory_.policy_key = word(phone, "policy_key", memory_.policy_key);
    memory_.folder_key = word(phone, "folder_key", memory_.folder_key);
    memory_.inbox = word(phone, "inbox", memory_.inbox);
    memory_.sync_key = word(phone, "sync_key", memory_.sync_key);
  }

  // What a phone does while nothing is wrong: learns the folders, then the messages, then waits.
  Task<Result<Judged>> attend() {
    CO_TRY(Judged judged, co_await learn_inbox());
    if (judged.verdict == Verdict::fine) {
      CO_TRY(judged, co_await synchronise());
    }
    if (judged.verdict == Verdict::fine) {
      CO_TRY(judged, co_await wait());
    }
    co_return judged;
  }

  Task<Result<Judged>> learn_inbox() {
    if (!memory_.inbox.empty()) co_return Judged();
    CO_TRY(const PhoneAnswer answer, co_await ask("FolderSync", folder_sync_request(memory_)));
    const Judged judged = judge(answer.status, answer.root());
    if (judged.verdict == Verdict::fine && answer.document) learn_folders(*answer.root(), memory_);
    co_return judged;
  }

  Task<Result<Judged>> synchronise() {
    for (bool more = true; more;) {
      const bool begins = memory_.sync_key == "0";
      const std::optional<PhoneChange> change = begins ? std::nullopt : std::exchange(change_, std::nullopt);
      CO_TRY(const PhoneAnswer answer, co_await ask("Sync", sync_request(memory_, change)));
      Judged judged = judge(answer.status, answer.root());
      if (judged.verdict != Verdict::fine) co_return judged;
      PhoneNews news;
      if (answer.document) news = learn_messages(*answer.root(), memory_);
      if (news.status != 1) judged.verdict = Verdict::anew;
      if (judged.verdict != Verdict::fine) co_return judged;
      if (change) news.items.push_back(done(*change));
      CO_TRY_VOID(co_await tell_news(std::move(news.items)));
      more = begins || news.more;
    }
    co_return Judged();
  }

  // What was done here is not told by the server again.
  static PhoneItem done(const PhoneChange& change) {
    PhoneItem item;
    item.what = change.read ? PhoneItem::What::changed : PhoneItem::What::removed;
    item.id = change.id;
    item.read = change.read;
    return item;
  }

  Task<Result<Judged>> wait() {
    const Deadline deadline = Deadline::after(std::chrono::seconds(kHeartbeatSeconds) + kBeyondHeartbeat);
    std::string body = ping_request(memory_, kHeartbeatSeconds);
    CO_TRY(const PhoneAnswer answer,
           co_await line_.ask("Ping", memory_.policy_key, std::move(body), deadline));
    const Judged judged = judge(answer.status, answer.root());
    const bool news = judged.verdict == Verdict::fine && judged.status == kChangesFound;
    if (news) CO_TRY_VOID(co_await scene_.tell("news"));
    co_return judged;
  }

  Task<Result<void>> provision() {
    memory_.policy_key = PhoneMemory().policy_key;
    CO_TRY(const bool offered, co_await take_policy_key(policy_request()));
    if (!offered) co_return Result<void>();
    std::string acknowledgement = policy_acknowledgement(memory_.policy_key);
    CO_TRY_VOID(co_await take_policy_key(std::move(acknowledgement)));
    co_return Result<void>();
  }

  // Whether there was one.
  Task<Result<bool>> take_policy_key(std::string request) {
    CO_TRY(const PhoneAnswer answer, co_await ask("Provision", std::move(request)));
    const Judged judged = judge(answer.status, answer.root());
    const bool taken = judged.verdict == Verdict::fine && answer.document;
    if (taken) memory_.policy_key = policy_key_in(*answer.root());
    if (!taken) CO_TRY_VOID(co_await bear(judged.status));
    co_return taken;
  }

  // The server knows of a time that this phone does not: everything is learnt again.
  Task<Result<void>> forget() {
    const std::string policy_key = memory_.policy_key;
    memory_ = PhoneMemory();
    memory_.policy_key = policy_key;
    co_return co_await scene_.tell("forget");
  }

  Task<Result<void>> bear(int status) {
    Json facts;
    facts["status"] = status;
    CO_TRY_VOID(co_await scene_.tell("refused", std::move(facts)));
    co_await sleep(stage_.loop(), kRefusedPause);
    co_return Result<void>();
  }

  Task<Result<PhoneAnswer>> ask(std::string command, std::string body) {
    co_return co_await line_.ask(std::move(command), memory_.policy_key, std::move(body));
  }

  Task<Result<void>> tell_news(std::vector<PhoneItem> items) {
    for (PhoneItem& item : items) CO_TRY_VOID(co_await tell_item(std::move(item)));
    Json facts;
    facts["policy_key"] = memory_.policy_key;
    facts["folder_key"] = memory_.folder_key;
    facts["inbox"] = memory_.inbox;
    facts["sync_key"] = memory_.sync_key;
    co_return co_await scene_.tell("phone", std::move(facts));
  }

  Task<Result<void>> tell_item(PhoneItem item) {
    Json facts;
    facts["id"] = std::move(item.id);
    if (item.read) facts["read"] = *item.read;
    if (item.what == PhoneItem::What::removed) co_return co_await scene_.tell("remove", std::move(facts));
    if (item.what == PhoneItem::What::changed) co_return co_await scene_.tell("change", std::move(facts));
    facts["subject"] = std::move(item.subject);
    facts["from"] = std::move(item.from);
    co_return co_await scene_.tell("add", std::move(facts));
  }

  Scene& scene_;
  const Stage& stage_;
  PhoneLine line_;
  PhoneMemory memory_;
  std::optional<PhoneChange> change_;
};

}  // namespace

Task<Result<void>> play_phone(Scene& scene, const Stage& stage, const Json& wish) {
  Phone phone(scene, stage, wish);
  co_return co_await phone.live();
}

}  // namespace postern::demo
