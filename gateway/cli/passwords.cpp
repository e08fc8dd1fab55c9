#include "gateway/cli/passwords.h"

#include <fcntl.h>
#include <sys/random.h>
#include <termios.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <array>
#include <stdexcept>

#include "protocols/shared/credentials.h"

namespace postern::cli {

namespace {

// The terminal itself, because standard input and output may be redirected. Echo comes back when it goes
// away.
class QuietTerminal {
 public:
  QuietTerminal() : descriptor_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (descriptor_ < 0 || ::tcgetattr(descriptor_, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    usable_ = ::tcsetattr(descriptor_, TCSAFLUSH, &quiet) == 0;
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  ~QuietTerminal() {
    if (usable_) ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool usable() const { return usable_; }

  Secret ask(std::string_view question) {
    [[maybe_unused]] const ssize_t asked = ::write(descriptor_, question.data(), question.size());
    std::string answer;
    char octet = 0;
    while (answer.size() <= kPasswordOctetsMax && ::read(descriptor_, &octet, 1) == 1 && octet != '\n') {
      answer += octet;
    }
    [[maybe_unused]] const ssize_t ended = ::write(descriptor_, "\n", 1);
    return Secret(std::move(answer));
  }

 private:
  int descriptor_;
  termios before_{};
  bool usable_ = false;
};

// The first line; what comes after it is not looked at.
Secret read_stdin() {
  std::string line;
  char octet = 0;
  while (line.size() <= kPasswordOctetsMax && ::read(STDIN_FILENO, &octet, 1) == 1 && octet != '\n')
    line += octet;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return Secret(std::move(line));
}

Result<NewPassword> checked(Secret password) {
  if (password.reveal().size() < kPasswordOctetsMin) {
    return Error(ErrorKind::invalid,
                 "a password has at least " + std::to_string(kPasswordOctetsMin) + " characters");
  }
  NewPassword fresh;
  fresh.secret = std::move(password);
  return fresh;
}

}  // namespace

void add_password_options(CLI::App& command, PasswordSource& source) {
  auto* from_stdin = command.add_flag("--password-stdin", source.from_stdin,
                                      "Read the password from the first line of standard input");
  auto* hash =
      command.add_flag("--hash-stdin", source.hash_from_stdin,
                       "Read a yescrypt, bcrypt or SHA-crypt hash brought along from another server");
  hash->excludes(from_stdin);
  command.add_flag("--generate", source.generate, "Make a password and print it")
      ->excludes(from_stdin)
      ->excludes(hash);
}

Result<NewPassword> new_password(const PasswordSource& source) {
  if (source.generate) {
    NewPassword fresh;
    fresh.secret = generated_password();
    fresh.generated = true;
    return fresh;
  }
  if (source.from_stdin) return checked(read_stdin());
  if (source.hash_from_stdin) {
    NewPassword imported;
    imported.secret = read_stdin();
    imported.is_hash = true;
    return imported;
  }
  QuietTerminal terminal;
  if (!terminal.usable()) {
    return Error(ErrorKind::invalid, "no terminal to ask at: use --password-stdin or --generate");
  }
  Secret first = terminal.ask("New password: ");
  const Secret second = terminal.ask("Once more: ");
  if (first.reveal() != second.reveal()) return Error(ErrorKind::invalid, "the two passwords differ");
  return checked(std::move(first));
}

Secret generated_password() {
  constexpr std::string_view kAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";  // 32 of them: no bias
  static_assert(kAlphabet.size() == 32);
  constexpr std::size_t kLength = 20;
  std::array<unsigned char, kLength> octets{};
  if (::getrandom(octets.data(), octets.size(), 0) != static_cast<ssize_t>(octets.size())) {
    throw std::runtime_error("the kernel has no random octets");
  }
  std::string password;
  for (unsigned char octet : octets) password += kAlphabet[octet % kAlphabet.size()];
  return Secret(std::move(password));
}

}  // namespace postern::cli
