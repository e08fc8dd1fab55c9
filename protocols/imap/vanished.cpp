#include "protocols/imap/vanished.h"

#include "protocols/imap/response/mailboxes.h"

namespace postern::imap {

Task<Result<void>> tell_vanished_since(Selected& selected, UidSet asked, ModSeq since) {
  Session& session = selected.user.session;
  CO_TRY(const UidSet expunged, co_await session.messages().vanished_since(selected.mailbox.key, since));
  UidSet vanished = expunged.intersect(asked);
  // The log may be ahead of the view: what the client still counts is told to it later.
  const UidSet candidates = vanished;
  selected.view.snapshot()->each(
      candidates, [&vanished](std::size_t, const MessageState& state) { vanished.remove(state.uid); });
  for (const Uid ghost : selected.view.ghosts()) vanished.remove(ghost);
  print_vanished(session.io.output(), vanished, Vanished::earlier);
  co_return co_await session.flush_if_full();
}

}  // namespace postern::imap
