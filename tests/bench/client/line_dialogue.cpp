#include "tests/bench/client/line_dialogue.h"

namespace postern::bench {

Lmtp::Lmtp(const Target& target) : connection_(target) {
  expect("220");
  connection_.write("LHLO bench.test\r\n");
  while (true) {
    const std::string_view line = connection_.line();
    if (!line.starts_with("250")) throw Failure("LHLO: " + std::string(line));
    if (line.substr(4) == "PIPELINING") pipelining_ = true;
    if (line.starts_with("250 ")) return;
  }
}

void Lmtp::expect(std::string_view code) {
  const std::string_view line = connection_.line();
  if (!line.starts_with(code)) throw Failure("LMTP: " + std::string(line));
}

void Lmtp::deliver(const std::string& recipient, std::string_view octets) {
  const std::string sender = "MAIL FROM:<list@example.org>\r\n";
  const std::string to = "RCPT TO:<" + recipient + ">\r\n";
  if (pipelining_) {
    connection_.write(sender + to + "DATA\r\n");
    expect("250");
    expect("250");
  } else {
    connection_.write(sender);
    expect("250");
    connection_.write(to);
    expect("250");
    connection_.write("DATA\r\n");
  }
  expect("354");
  connection_.write(std::string(octets) + ".\r\n");
  expect("250");
}

Pop3::Pop3(const Target& target) : connection_(target) {
  status();
}

std::string Pop3::status() {
  const std::string_view line = connection_.line();
  if (!line.starts_with("+OK")) throw Failure("POP3: " + std::string(line));
  return std::string(line);
}

std::string Pop3::command(const std::string& text) {
  connection_.write(text + "\r\n");
  return status();
}

Pop3::Listing Pop3::listing(const std::string& text) {
  connection_.write(text + "\r\n");
  return read_listing();
}

Pop3::Listing Pop3::read_listing() {
  status();
  Listing found;
  for (std::string_view line = connection_.line(); line != "."; line = connection_.line()) {
    ++found.lines;
    found.octets += line.size() + 2;
  }
  return found;
}

}  // namespace postern::bench
