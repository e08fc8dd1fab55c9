#include "tests/bench/client/imap.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "tests/bench/client/report.h"

namespace postern::bench {

namespace {

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<std::uint64_t> literal_at_end(std::string_view line) {
  if (!line.ends_with('}')) return std::nullopt;
  const auto open = line.rfind('{');
  if (open == std::string_view::npos) return std::nullopt;
  return number_in(line.substr(open + 1));
}

// RFC 7162 §3.2.10: "VANISHED 4:7,12". Counts 5.
std::uint64_t count_of_set(std::string_view set) {
  std::uint64_t count = 0;
  while (!set.empty()) {
    const std::string_view range = set.substr(0, set.find(','));
    set.remove_prefix(std::min(set.size(), range.size() + 1));
    const auto colon = range.find(':');
    count += colon == std::string_view::npos
                 ? 1
                 : number_in(range.substr(colon + 1)) - number_in(range.substr(0, colon)) + 1;
  }
  return count;
}

void count_untagged(std::string_view line, Answer& answer) {
  if (line.starts_with("* VANISHED ")) {
    answer.expunges += count_of_set(line.substr(line.rfind(' ') + 1));
    return;
  }
  const auto word = line.find(' ', 2);
  if (word == std::string_view::npos) return;
  const std::string_view rest = line.substr(word + 1);
  if (rest.starts_with("FETCH")) ++answer.fetches;
  if (rest.starts_with("EXPUNGE")) ++answer.expunges;
  if (rest.starts_with("EXISTS")) answer.exists = number_in(line.substr(2));
}

}  // namespace

Login login_of(const Options& options) {
  return {options.text("user"), options.text("password")};
}

Imap::Imap(const Target& target, const Login& login) : connection_(target) {
  const std::string_view greeting = connection_.line();
  if (!greeting.starts_with("* OK")) throw Failure("greeting: " + std::string(greeting));
  command("LOGIN " + login.user + " " + login.password);
}

void Imap::read_answer(const std::string& tag, Answer& answer, const Untagged& untagged) {
  while (true) {
    std::string_view line = connection_.line();
    if (const auto literal = literal_at_end(line)) {
      line_.assign(line);
      for (auto octets = literal; octets; octets = literal_at_end(line_)) {
        answer.literals += *octets;
        connection_.skip(*octets);
        line_.back() = ' ';  // the brace is dealt with
        line_ += connection_.line();
      }
      line = line_;
    }
    if (line.starts_with("* ")) {
      count_untagged(line, answer);
      if (untagged) untagged(line);
    } else if (line.starts_with(tag)) {
      answer.status = line.substr(tag.size());
      return;
    } else if (!line.starts_with("+")) {
      throw Failure("unexpected: " + std::string(line.substr(0, 200)));
    }
  }
}

Answer Imap::attempt(const std::string& text, const Untagged& untagged) {
  const std::string tag = fmt::format("a{} ", ++commands_);
  Answer answer;
  const auto start = Clock::now();
  connection_.write(tag + text + "\r\n");
  read_answer(tag, answer, untagged);
  answer.ms = ms_since(start);
  return answer;
}

Answer Imap::command(const std::string& text, const Untagged& untagged) {
  Answer answer = attempt(text, untagged);
  if (!answer.status.starts_with("OK")) throw Failure(text.substr(0, 200) + ": " + answer.status);
  return answer;
}

Answer Imap::select(const std::string& mailbox, const std::string& parameters) {
  return command("SELECT \"" + mailbox + "\"" + parameters);
}

void Imap::make_mailbox(const std::string& mailbox) {
  attempt("DELETE \"" + mailbox + "\"");
  command("CREATE \"" + mailbox + "\"");
}

bool Imap::offers(std::string_view capability) {
  if (capabilities_.empty()) {
    command("CAPABILITY", [this](std::string_view line) {
      if (line.starts_with("* CAPABILITY ")) capabilities_ = std::string(line.substr(12)) + " ";
    });
  }
  return capabilities_.find(" " + std::string(capability) + " ") != std::string::npos;
}

void Imap::start_idle() {
  connection_.write("idle IDLE\r\n");
  while (true) {
    const std::string_view line = connection_.line();
    if (line.starts_with("+")) return;
    if (!line.starts_with("* ")) throw Failure("IDLE: " + std::string(line));
  }
}

void Imap::end_idle() {
  connection_.write("DONE\r\n");
  Answer answer;
  read_answer("idle ", answer, {});
  if (!answer.status.starts_with("OK")) throw Failure("DONE: " + answer.status);
}

void expect_count(const std::string& what, std::uint64_t expected, std::uint64_t got) {
  if (expected != got) throw Failure(fmt::format("expected {} {}, got {}", expected, what, got));
}

}  // namespace postern::bench
