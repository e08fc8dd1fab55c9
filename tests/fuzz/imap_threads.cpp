// rooms: imap
// THREAD over messages whose subjects and references are the input's: one line each. Every message is told
// once, parentheses match, and nothing hangs.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "gateway/base/text.h"
#include "protocols/imap/base_subject.h"
#include "protocols/imap/threading.h"

using namespace postern;
using namespace postern::imap;

namespace {

void check(const std::string& threads, std::size_t messages) {
  std::size_t numbers = 0;
  int open = 0;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    const bool digit = text::is_digit(threads[i]);
    if (digit && (i == 0 || !text::is_digit(threads[i - 1]))) ++numbers;
    if (threads[i] == '(') ++open;
    if (threads[i] == ')' && --open < 0) std::abort();
  }
  if (open != 0 || numbers != messages) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(octets), size);
  std::vector<Threadable> messages;
  for (const std::string_view line : text::split(input, '\n')) {
    const BaseSubject subject = base_subject(line.substr(0, line.find('<')));
    Threadable message;
    message.number = static_cast<std::uint32_t>(messages.size() + 1);
    message.sent = WallTime(std::chrono::seconds(line.size()));
    message.subject = subject.text;
    message.is_reply = subject.is_reply;
    message.references = ids_in(line);
    if (!message.references.empty()) {
      message.message_id = message.references.back();
      message.references.pop_back();
    }
    messages.push_back(std::move(message));
  }
  check(threads_by_references(messages), messages.size());
  check(threads_by_subject(messages), messages.size());
  return 0;
}
