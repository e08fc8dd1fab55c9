// rooms: mailfiles
// Every dialect reads anything without losing its way, and what it has read it writes so that it reads it
// again.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "storage/mailfiles/mbox.h"

using namespace postern;
using namespace postern::mailfiles;

namespace {

std::vector<std::string> read_all(std::string_view file, MboxDialect dialect) {
  TextOctets octets(file);
  MboxReader reader(octets, dialect);
  std::vector<std::string> messages;
  for (;;) {
    const auto more = reader.next();
    if (!more || !*more) return messages;
    std::string& message = messages.emplace_back();
    for (;;) {
      const auto piece = reader.read();
      if (!piece) std::abort();
      if (piece->empty()) break;
      message += *piece;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  if (size < 1) return 0;
  const auto dialect = static_cast<MboxDialect>(octets[0] % 4);
  const std::string_view input(reinterpret_cast<const char*>(octets) + 1, size - 1);
  const std::vector<std::string> messages = read_all(input, dialect);
  std::size_t all = 0;
  for (const std::string& message : messages) all += message.size();
  if (all > 2 * input.size()) std::abort();

  std::string file;
  for (const std::string& message : messages) {
    MboxWriter writer(dialect, Separator(), Flags(), file);
    writer.feed(message, file);
    writer.finish(file);
  }
  if (read_all(file, dialect).size() != messages.size()) std::abort();
  return 0;
}
