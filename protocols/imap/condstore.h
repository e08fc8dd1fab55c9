// The CONDSTORE-enabling commands (RFC 7162 §3.1).
#pragma once

#include "protocols/imap/session.h"

namespace postern::imap {

// From now on flag news carry MODSEQ. With a mailbox open the client is told where it stands.
inline void enable_condstore(Authenticated& user) {
  if (user.condstore) return;
  user.condstore = true;
  if (!user.session.selected) return;
  const ModSeq now = user.session.selected->view.snapshot()->modseq();
  print(user.session.io.output(), "", ok(ResponseCode::highest_modseq(now), "CONDSTORE enabled"));
}

// RFC 7162 §3.2.3: the client hears VANISHED instead of EXPUNGE.
inline void enable_qresync(Authenticated& user) {
  enable_condstore(user);
  user.qresync = true;
}

}  // namespace postern::imap
