// What SEARCH, SORT and THREAD have in common: the store finds, and the client's numbers become UIDs and the
// other way round.
#pragma once

#include <optional>
#include <vector>

#include "protocols/imap/session.h"

namespace postern::imap {

// In one order, at first that of the mailbox. Only what the client knows of.
struct Found {
  std::vector<Uid> uids;
  std::vector<std::uint32_t> numbers;  // or the UIDs once more: what is told
  std::vector<ModSeq> modseqs;         // alongside, if asked for
};

// A search that is refused before it is made: its charset, or message numbers that were given up.
std::optional<StatusResponse> refusal_of_search(Selected& selected, const Search& command);

// Its charset alone.
std::optional<StatusResponse> refusal_of_charset(const Search& command);
// Whether the program has a set of that kind.
bool names(const SearchProgram& program, SearchSet::Kind kind);

// `command` outlives the call. A search that fails leaves nothing saved, one that was never begun leaves what
// was there (RFC 5182 §2.1).
Task<Result<Found>> find_messages(Selected& selected, const Search& command);
// The same of any mailbox, seen as `view`. What is borrowed outlives the call.
Task<Result<Found>> find_messages(Authenticated& user, MailboxKey mailbox, const MailboxView& view,
                                  const UidSet& saved, const Search& command);

// Of a SEARCH, whose answer is in the order of the mailbox: leaves the newest so many, and gives the lowest
// of them if there were more (RFC 9738).
std::optional<Uid> keep_newest(Found& found, std::uint32_t messages_max);

// Saves what the command says should be saved.
void save_found(Selected& selected, const Search& command, const Found& found);
std::optional<ModSeq> modseq_of(const Found& found, const std::optional<Search::Return>& returned);

}  // namespace postern::imap
