// What each command does. The first parameter says when a command may be given (RFC 3501 §6): to any Session,
// to somebody NotAuthenticated, Authenticated, or with a mailbox Selected. Untagged responses are put into
// the session's output; the answer is the tagged one. An Error becomes NO or BAD in response/status.h.
//
// The command outlives the call. A handler whose session has ended returns an Error if nothing is left to
// say.
#pragma once

#include "gateway/async/task.h"
#include "protocols/imap/command.h"
#include "protocols/imap/session.h"

namespace postern::imap {

using Answer = Result<StatusResponse>;

// any state
Task<Answer> run(Session& session, const Capability& command);
Task<Answer> run(Session& session, const Noop& command);
Task<Answer> run(Session& session, const Logout& command);
Task<Answer> run(Session& session, const Id& command);

// before log-in
Task<Answer> run(NotAuthenticated& stranger, const StartTls& command);
Task<Answer> run(NotAuthenticated& stranger, const Authenticate& command);
Task<Answer> run(NotAuthenticated& stranger, const Login& command);

// after log-in, mailbox or not
Task<Answer> run(Authenticated& user, const Enable& command);
Task<Answer> run(Authenticated& user, const Select& command);
Task<Answer> run(Authenticated& user, const Create& command);
Task<Answer> run(Authenticated& user, const Delete& command);
Task<Answer> run(Authenticated& user, const Rename& command);
Task<Answer> run(Authenticated& user, const Subscribe& command);
Task<Answer> run(Authenticated& user, const Unsubscribe& command);
Task<Answer> run(Authenticated& user, const List& command);
Task<Answer> run(Authenticated& user, const Lsub& command);
Task<Answer> run(Authenticated& user, const Namespace& command);
Task<Answer> run(Authenticated& user, const Status& command);
Task<Answer> run(Authenticated& user, const Append& command);
Task<Answer> run(Authenticated& user, const Idle& command);
Task<Answer> run(Authenticated& user, const Unauthenticate& command);
Task<Answer> run(Authenticated& user, const Compress& command);
Task<Answer> run(Authenticated& user, const MultiSearch& command);
Task<Answer> run(Authenticated& user, const Notify& command);
Task<Answer> run(Authenticated& user, const GetMetadata& command);
Task<Answer> run(Authenticated& user, const SetMetadata& command);
Task<Answer> run(Authenticated& user, const GetQuota& command);
Task<Answer> run(Authenticated& user, const GetQuotaRoot& command);

// with a mailbox open
Task<Answer> run(Selected& selected, const Check& command);
Task<Answer> run(Selected& selected, const Close& command);
Task<Answer> run(Selected& selected, const Unselect& command);
Task<Answer> run(Selected& selected, const Expunge& command);
Task<Answer> run(Selected& selected, const UidExpunge& command);
Task<Answer> run(Selected& selected, const Search& command);
Task<Answer> run(Selected& selected, const Fetch& command);
Task<Answer> run(Selected& selected, const Store& command);
Task<Answer> run(Selected& selected, const Copy& command);
Task<Answer> run(Selected& selected, const Move& command);
Task<Answer> run(Selected& selected, const Replace& command);
Task<Answer> run(Selected& selected, const Sort& command);
Task<Answer> run(Selected& selected, const Thread& command);
Task<Answer> run(Selected& selected, const UidBatches& command);

}  // namespace postern::imap
