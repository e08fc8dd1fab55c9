// rooms: lmtp protocols_shared
// LMTP lines and the dot lines of DATA: any split of the octets gives the same message.
#include <cstdlib>

#include "protocols/lmtp/command.h"
#include "protocols/shared/dot_lines.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  (void)postern::lmtp::parse_command(octets);

  postern::DotUnstuffer whole;
  std::string all;
  const std::size_t taken = whole.feed(octets, all);
  const std::size_t split = size == 0 ? 0 : data[0] % (size + 1);
  postern::DotUnstuffer parts;
  std::string pieces;
  std::size_t taken_parts = parts.feed(octets.substr(0, split), pieces);
  if (!parts.ended()) taken_parts += parts.feed(octets.substr(split), pieces);
  if (all != pieces || taken != taken_parts || whole.ended() != parts.ended()) std::abort();

  // What was stuffed comes back, with a final line end.
  postern::DotStuffer stuffer;
  std::string stuffed;
  stuffer.feed(all, stuffed);
  stuffer.finish(stuffed);
  postern::DotUnstuffer back;
  std::string again;
  back.feed(stuffed, again);
  if (!back.ended()) std::abort();
  return 0;
}
