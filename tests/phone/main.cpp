// postern_phone: a scripted phone. Runs the steps it is given, in order, and ends with 0 if the server did at
// each what real phones need, with 1 and the reason if not, with 3 if the server does not want this phone.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

#include "gateway/base/text.h"
#include "tests/phone/steps.h"

namespace {

using namespace postern;
using namespace postern::phone;

constexpr int kBroken = 1, kRefused = 3;

struct CommandLine {
  std::string server, path, lmtp, address, password, device, profile = "ios", version = "16.1", state;
  bool tls = false, lose_answers = false, trace = false;
  std::vector<std::string> script;
};

bench::Target target_from(const std::string& text, bool tls) {
  const std::size_t colon = text.rfind(':');
  const auto port = colon == std::string::npos ? std::nullopt : text::number(text.substr(colon + 1), 65535);
  expect(port.has_value(), "not HOST:PORT: " + text);
  bench::Target target;
  target.host = text.substr(0, colon);
  target.port = static_cast<std::uint16_t>(*port);
  target.tls = tls;
  return target;
}

// Two phones of one user have different names, and one phone always the same.
std::string default_device(const CommandLine& line) {
  return fmt::format("{}{}", line.profile, text::hex(line.address).substr(0, 20));
}

Phone make_phone(const CommandLine& line) {
  const Profile* profile = find_profile(line.profile);
  expect(profile != nullptr,
         fmt::format("no profile {}; there are: {}", line.profile, fmt::join(profile_names(), " ")));
  const auto version = activesync::find_protocol_version(line.version);
  expect(version.has_value(), "no version " + line.version);
  ServerOptions options;
  options.target = target_from(line.server, line.tls);
  options.identity = {line.address, line.password, line.device.empty() ? default_device(line) : line.device};
  options.version = *version;
  if (!line.path.empty()) options.path = line.path;
  options.lose_answers = line.lose_answers;
  options.trace = line.trace;
  Phone phone(*profile, std::move(options));
  if (!line.lmtp.empty()) phone.incoming = target_from(line.lmtp, false);
  if (!line.state.empty() && std::filesystem::exists(line.state)) {
    std::ifstream file(line.state);
    phone.mailbox = mailbox_from_json(nlohmann::json::parse(file));
    phone.server.policy_key = phone.mailbox.policy_key;
  }
  return phone;
}

// Of a step that fails nothing is remembered: the phone knows what it knew before.
void remember(const CommandLine& line, const Phone& phone) {
  if (!line.state.empty()) std::ofstream(line.state) << to_json(phone.mailbox).dump();
}

int run(const CommandLine& line) {
  Phone phone = make_phone(line);
  for (const std::string& word : line.script) {
    try {
      run_step(phone, word);
      remember(line, phone);
    } catch (const Refused& refused) {
      fmt::print(stderr, "postern_phone: {}: {}\n", word, refused.what());
      return kRefused;
    } catch (const PolicyNeeded& needed) {
      fmt::print(stderr, "postern_phone: {}: the policy is wanted while nobody asks (status {})\n", word,
                 needed.status);
      return kBroken;
    } catch (const std::exception& broken) {
      fmt::print(stderr, "postern_phone: {}: {}\n", word, broken.what());
      return kBroken;
    }
  }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  CommandLine line;
  CLI::App app("A scripted phone.", "postern_phone");
  app.add_option("--server", line.server, "HOST:PORT")->required();
  app.add_option("--path", line.path, "of ActiveSync, if it is not the usual one");
  app.add_flag("--tls", line.tls, "HTTPS; the certificate is not checked");
  app.add_option("--user", line.address, "the user's address")->required();
  app.add_option("--password", line.password)->required();
  app.add_option("--device", line.device, "DeviceId; otherwise of the profile and the user");
  app.add_option("--profile", line.profile, fmt::format("{}", fmt::join(profile_names(), "|")));
  app.add_option("--version", line.version, "12.1|14.0|14.1|16.0|16.1");
  app.add_option("--lmtp", line.lmtp, "HOST:PORT where mail for the user comes in");
  app.add_option("--state", line.state, "file that keeps the local mailbox from run to run");
  app.add_flag("--lose-answers", line.lose_answers, "throw each answer away once and ask again");
  app.add_flag("--trace", line.trace, "print requests and answers as XML");
  app.add_option("script", line.script,
                 "[?]STEP[=ARGUMENT]...; with a question mark, only if the message is there")
      ->required();
  std::string footer = "Steps:\n";
  for (const Step& step : steps()) {
    const std::string name =
        step.argument.empty() ? std::string(step.name) : fmt::format("{}={}", step.name, step.argument);
    footer += fmt::format("  {:28}{}\n", name, step.purpose);
  }
  app.footer(footer);
  CLI11_PARSE(app, count, words);
  try {
    return run(line);
  } catch (const std::exception& problem) {
    fmt::print(stderr, "postern_phone: {}\n", problem.what());
    return kBroken;
  }
}
