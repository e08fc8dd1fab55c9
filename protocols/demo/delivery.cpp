#include <fmt/format.h>

#include "protocols/demo/scenes.h"
#include "protocols/demo/wire.h"

namespace postern::demo {

namespace {

constexpr const char* kSender = "someone@example.net";

Task<Result<void>> expect(Wire& wire, std::string_view code) {
  for (;;) {
    CO_TRY(const std::string line, co_await wire.read());
    if (!line.starts_with(code)) co_return Error(ErrorKind::unavailable, "LMTP refuses: " + line);
    const bool goes_on = line.size() > code.size() && line[code.size()] == '-';
    if (!goes_on) co_return Result<void>();
  }
}

Task<Result<void>> ask(Wire& wire, std::string line, std::string_view code) {
  CO_TRY_VOID(co_await wire.send(std::move(line)));
  co_return co_await expect(wire, code);
}

std::vector<std::string> letter(const Stage& stage) {
  const std::string date = http::http_date(stage.services.clock.now());
  const std::string hour = date.substr(date.size() - sizeof "hh:mm:ss GMT" + 1, 8);
  return {"From: Someone <" + std::string(kSender) + ">",
          "To: <" + stage.mailbox.address + ">",
          "Subject: A letter of " + hour,
          "Date: " + date,
          fmt::format("Message-ID: <{}@example.net>",
                      std::chrono::steady_clock::now().time_since_epoch().count()),
          "",
          "Hello! This came in by LMTP at " + hour + " UTC."};
}

}  // namespace

Task<Result<void>> play_delivery(Scene& scene, const Stage& stage, const Json&) {
  CO_TRY(const auto wire, co_await Wire::open(scene, stage, stage.settings.lmtp.endpoints, "none"));
  CO_TRY_VOID(co_await expect(*wire, "220"));
  CO_TRY_VOID(co_await ask(*wire, "LHLO mx.example.net", "250"));
  CO_TRY_VOID(co_await ask(*wire, fmt::format("MAIL FROM:<{}>", kSender), "250"));
  CO_TRY_VOID(co_await ask(*wire, fmt::format("RCPT TO:<{}>", stage.mailbox.address), "250"));
  CO_TRY_VOID(co_await ask(*wire, "DATA", "354"));
  for (std::string& line : letter(stage)) CO_TRY_VOID(co_await wire->send(std::move(line)));
  CO_TRY_VOID(co_await ask(*wire, ".", "250"));
  CO_TRY_VOID(co_await scene.tell("delivered"));
  co_return co_await ask(*wire, "QUIT", "221");
}

}  // namespace postern::demo
