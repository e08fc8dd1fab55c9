#include <fmt/format.h>

#include "gateway/base/text.h"
#include "protocols/demo/listed.h"
#include "protocols/demo/scenes.h"
#include "protocols/demo/wire.h"
#include "protocols/imap_client/response.h"

namespace postern::demo {

namespace {

// As RFC 2177 section 3 asks, well before half an hour is over.
constexpr std::chrono::minutes kIdleMax{10};
constexpr std::uint64_t kLiteralOctetsMax = 1'048'576;

class Conversation {
 public:
  Conversation(const Stage& stage, Wire& wire) : stage_(stage), wire_(wire) {}

  Task<Result<void>> log_in() {
    CO_TRY_VOID(co_await wire_.read());
    const std::string begin = fmt::format("LOGIN \"{}\" ", stage_.mailbox.address);
    CO_TRY_VOID(
        co_await ask(begin + fmt::format("\"{}\"", stage_.mailbox.password.reveal()), begin + "••••••••"));
    CO_TRY_VOID(co_await ask("SELECT INBOX"));
    is_open_ = true;
    co_return Result<void>();
  }

  // Until the tagged answer. What is untagged and of messages stays in `fetched`.
  Task<Result<void>> ask(std::string command, std::string shown = {}) {
    const std::string tag = next_tag();
    CO_TRY_VOID(co_await send(tag, std::move(command), std::move(shown)));
    co_return co_await hear(tag);
  }

  // Waits in IDLE until the server says something, or for a while.
  Task<Result<void>> idle() {
    const std::string tag = next_tag();
    CO_TRY_VOID(co_await send(tag, "IDLE", std::string()));
    // What happened meanwhile may be told before the continuation.
    for (bool idling = false; !idling;) {
      CO_TRY(const std::string line, co_await wire_.read());
      idling = line.starts_with('+');
      if (!idling) CO_TRY_VOID(co_await notice(line));
    }
    if (!stale_) {
      auto line = co_await wire_.read(Deadline::after(kIdleMax));
      if (line) CO_TRY_VOID(co_await notice(*line));
      if (!line && line.error().kind != ErrorKind::timed_out) co_return std::move(line).error();
    }
    CO_TRY_VOID(co_await wire_.send("DONE"));
    co_return co_await hear(tag);
  }
  // Something has been told since the last list.
  bool stale() const { return stale_; }

  // The newest messages, newest first.
  Task<Result<void>> list() {
    fetched_.clear();
    stale_ = false;
    CO_TRY_VOID(co_await ask(fmt::format("FETCH {}:* (UID FLAGS BODY.PEEK[HEADER])", first_listed())));
    Json messages = Json::array();
    for (auto one = fetched_.rbegin(); one != fetched_.rend(); ++one) {
      Json message = listed(one->octets.value_or(""));
      message["id"] = static_cast<std::uint32_t>(one->uid.value_or(Uid{}));
      message["read"] = one->flags.has(SystemFlag::seen);
      messages.push_back(std::move(message));
    }
    Json facts;
    facts["messages"] = std::move(messages);
    co_return co_await wire_.scene().tell("list", std::move(facts));
  }

 private:
  std::string next_tag() { return fmt::format("a{}", ++tags_); }
  std::uint64_t first_listed() const { return exists_ > kListedMax ? exists_ - kListedMax + 1 : 1; }

  Task<Result<void>> send(const std::string& tag, std::string command, std::string shown) {
    std::string told = shown.empty() ? std::string() : tag + ' ' + shown;
    co_return co_await wire_.send(tag + ' ' + command, std::move(told));
  }

  Task<Result<void>> hear(const std::string& tag) {
    for (;;) {
      CO_TRY(imap_client::Response response, co_await read());
      if (const auto tagged = imap_client::parse_tagged(response, tag)) {
        if (tagged->outcome == imap_client::Outcome::ok) co_return Result<void>();
        co_return Error(ErrorKind::unavailable, "IMAP refuses: " + tagged->text);
      }
      CO_TRY_VOID(co_await notice(response.text));
      CO_TRY(auto fetched, imap_client::parse_fetch(std::move(response)));
      if (fetched && fetched->octets) fetched_.push_back(*std::move(fetched));
    }
  }

  // Of an untagged response: whether the list is out of date by it.
  Task<Result<void>> notice(const std::string& line) {
    const auto words = text::split(line, ' ');
    if (words.size() < 3) co_return Result<void>();
    const bool is_flags = words[2] == "FETCH" && line.find("BODY[") == std::string::npos;
    if (words[2] == "EXPUNGE" || is_flags) stale_ = true;
    if (words[2] != "EXISTS") co_return Result<void>();
    const std::uint64_t before = std::exchange(exists_, text::number(words[1]).value_or(exists_));
    stale_ = true;
    if (is_open_ && exists_ > before) CO_TRY_VOID(co_await wire_.scene().tell("news"));
    co_return Result<void>();
  }

  // A line with its literals, which nobody is shown.
  Task<Result<imap_client::Response>> read() {
    imap_client::Response response;
    for (;;) {
      CO_TRY(const std::string line, co_await wire_.read());
      response.text += line;
      const auto octets = imap_client::literal_at_end(line);
      if (!octets) co_return response;
      if (*octets > kLiteralOctetsMax) co_return Error(ErrorKind::too_large, "a literal beyond all bounds");
      CO_TRY(std::string literal, co_await wire_.read_octets(static_cast<std::size_t>(*octets)));
      response.literals.push_back(std::move(literal));
    }
  }

  const Stage& stage_;
  Wire& wire_;
  unsigned tags_ = 0;
  bool is_open_ = false;
  bool stale_ = true;
  std::uint64_t exists_ = 0;
  std::vector<imap_client::Fetched> fetched_;
};

}  // namespace

Task<Result<void>> play_imap(Scene& scene, const Stage& stage, const Json&) {
  const Deadline end = Deadline::after(kSceneMax);
  CO_TRY(const auto wire, co_await Wire::open(scene, stage, stage.settings.imap.endpoints, "implicit"));
  Conversation conversation(stage, *wire);
  CO_TRY_VOID(co_await conversation.log_in());
  while (!end.passed()) {
    if (conversation.stale()) CO_TRY_VOID(co_await conversation.list());
    CO_TRY_VOID(co_await conversation.idle());
  }
  co_return co_await conversation.ask("LOGOUT");
}

Task<Result<void>> play_imap_change(Scene& scene, const Stage& stage, const Json& wish) {
  const auto uid = wish.value("uid", std::uint32_t{0});
  const bool deletes = wish.value("delete", false);
  CO_TRY(const auto wire, co_await Wire::open(scene, stage, stage.settings.imap.endpoints, "implicit"));
  Conversation conversation(stage, *wire);
  CO_TRY_VOID(co_await conversation.log_in());
  const char* sign = deletes || wish.value("seen", true) ? "+" : "-";
  const char* flag = deletes ? "\\Deleted" : "\\Seen";
  CO_TRY_VOID(co_await conversation.ask(fmt::format("UID STORE {} {}FLAGS ({})", uid, sign, flag)));
  if (deletes) CO_TRY_VOID(co_await conversation.ask(fmt::format("UID EXPUNGE {}", uid)));
  co_return co_await conversation.ask("LOGOUT");
}

}  // namespace postern::demo
