#include <fmt/format.h>

#include "gateway/base/text.h"
#include "protocols/demo/listed.h"
#include "protocols/demo/scenes.h"
#include "protocols/demo/wire.h"

namespace postern::demo {

namespace {

Task<Result<std::string>> ask(Wire& wire, std::string line, std::string shown = {}) {
  if (!line.empty()) CO_TRY_VOID(co_await wire.send(std::move(line), std::move(shown)));
  CO_TRY(std::string answer, co_await wire.read());
  if (!answer.starts_with("+OK")) co_return Error(ErrorKind::unavailable, "POP3 refuses: " + answer);
  co_return answer;
}

// The lines of an answer that ends in a dot; told to nobody.
Task<Result<std::string>> rest(Wire& wire) {
  std::string lines;
  for (;;) {
    CO_TRY(const std::string line, co_await wire.read_silently());
    if (line == ".") co_return lines;
    lines += line.starts_with('.') ? line.substr(1) : line;
    lines += "\r\n";
  }
}

}  // namespace

Task<Result<void>> play_pop3(Scene& scene, const Stage& stage, const Json&) {
  CO_TRY(const auto wire, co_await Wire::open(scene, stage, stage.settings.pop3.endpoints, "implicit"));
  CO_TRY_VOID(co_await ask(*wire, ""));
  CO_TRY_VOID(co_await ask(*wire, "USER " + stage.mailbox.address));
  CO_TRY_VOID(co_await ask(*wire, "PASS " + std::string(stage.mailbox.password.reveal()), "PASS ••••••••"));
  CO_TRY(const std::string answer, co_await ask(*wire, "STAT"));
  const auto words = text::split(answer, ' ');
  const auto count = words.size() > 1 ? text::number(words[1]).value_or(0) : 0;
  Json messages = Json::array();
  for (std::uint64_t number = count; number > 0 && messages.size() < kListedMax; --number) {
    CO_TRY_VOID(co_await ask(*wire, fmt::format("TOP {} 0", number)));
    CO_TRY(const std::string header, co_await rest(*wire));
    Json message = listed(header);
    message["id"] = number;
    messages.push_back(std::move(message));
  }
  Json facts;
  facts["messages"] = std::move(messages);
  facts["count"] = count;
  CO_TRY_VOID(co_await scene.tell("list", std::move(facts)));
  CO_TRY_VOID(co_await ask(*wire, "QUIT"));
  co_return Result<void>();
}

}  // namespace postern::demo
