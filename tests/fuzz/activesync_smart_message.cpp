// rooms: activesync
// Whatever a device sends about whatever is stored: the message that is made of both is one, begins with the
// device's words, and nothing outside of either is read.
#include <cstdlib>
#include <string>

#include "protocols/activesync/draft_message.h"
#include "protocols/activesync/smart_message.h"
#include "storage/mime/html_fragment.h"
#include "storage/mime/scanner.h"

using namespace postern;
using namespace postern::activesync;

namespace {

std::string octets_of(const mime::Pieces& pieces, std::string_view stored) {
  std::string octets;
  for (const mime::Piece& piece : pieces) {
    octets += piece.text;
    octets += piece.view;
    if (!piece.stored) continue;
    if (piece.stored->end > stored.size() || piece.stored->begin > piece.stored->end) std::abort();
    octets += stored.substr(piece.stored->begin, piece.stored->size());
  }
  return octets;
}

std::string range_of(std::string_view message, mime::OctetRange range) {
  return std::string(message.substr(range.begin, range.size()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = 2 + (octets[0] | octets[1] << 8) % (size - 1);
  const std::string_view written = octets.substr(2, cut - 2);
  const std::string_view old = octets.substr(std::min(cut, size));

  const DeviceMessage device{written, mime::scan(written)};
  StoredMessage stored;
  stored.structure = mime::scan(old);
  stored.octets = old.size();
  const MessageLayout layout = layout_of(stored.structure.root);
  stored.plain = range_of(old, quoted_range(layout.plain));
  stored.html = range_of(old, quoted_range(layout.html));
  stored.header = range_of(old, stored.structure.root.header);
  for (const SendKind kind : {SendKind::reply, SendKind::forward}) {
    const std::string made = octets_of(mime::compose(smart_composition(kind, device, stored), "token"), old);
    if (mime::scan(made).root.body.end > made.size()) std::abort();
  }
  Draft draft;
  draft.subject = std::string(written);
  draft.to = std::string(written);
  const StoredDraft before{stored.structure, stored.header};
  const DraftIdentity identity{"a@b", "<i@d>", WallTime()};
  const std::string changed =
      octets_of(mime::compose(draft_composition(draft, &before, identity), "token"), old);
  if (mime::scan(changed).envelope.message_id != "<i@d>") std::abort();
  (void)mime::meta_charset(written);
  return 0;
}
