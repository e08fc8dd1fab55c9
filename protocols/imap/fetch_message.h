// One message of a FETCH: its items in the order asked for, its octets streamed from the store to the socket
// in slices, each of which waits for the client to have taken the one before.
#pragma once

#include "protocols/imap/fetch_plan.h"
#include "protocols/imap/flag_texts.h"
#include "protocols/imap/session.h"

namespace postern::imap {

struct FetchedMessage {
  MessageState state;
  const MessageFacts* facts = nullptr;  // absent if the plan needs none
  bool tell_flags = false;              // \Seen was set by this very FETCH
  bool tell_modseq = false;             // and the client keeps mod-sequences
};

// `gone`: the store has no such message any more; `undecodable`: BINARY was asked of a part in an encoding
// that is not known. Nothing was printed then.
enum class Fetched : std::uint8_t { printed, gone, undecodable };

// FLAGS, UID and MODSEQ alone: no facts, no waiting.
void print_state(Selected& selected, const FetchPlan& plan, const MessageState& state, FlagTexts& texts);

// All borrowed arguments live in the caller's frame.
Task<Result<Fetched>> print_message(Selected& selected, const FetchPlan& plan, const FetchedMessage& message,
                                    FlagTexts& texts);

// Several, in batches (commands/fetch.cpp). \Seen is set if an item asks for it.
Task<Result<void>> fetch_messages(Selected& selected, const Fetch& fetch, UidSet uids);

}  // namespace postern::imap
