// The parsers, one per command: arguments in, value out. Errors: invalid ("expected … at octet n", counted
// from the first octet of the arguments) means BAD; too_large means NO [LIMIT] (a keyword beyond its bound).
#pragma once

#include "protocols/imap/command.h"
#include "protocols/imap/grammar/cursor.h"

namespace postern::imap {

// Commands without arguments: parse_bare<Noop>.
template <class C>
Result<C> parse_bare(Cursor& in) {
  return in.finish(C{});
}

// session.cpp
Result<Id> parse_id(Cursor& in);
Result<Authenticate> parse_authenticate(Cursor& in);
Result<Login> parse_login(Cursor& in);
Result<Enable> parse_enable(Cursor& in);
Result<Compress> parse_compress(Cursor& in);

// mailboxes.cpp
Result<Select> parse_select(Cursor& in);
Result<Select> parse_examine(Cursor& in);
Result<Create> parse_create(Cursor& in);
Result<Delete> parse_delete(Cursor& in);
Result<Rename> parse_rename(Cursor& in);
Result<Subscribe> parse_subscribe(Cursor& in);
Result<Unsubscribe> parse_unsubscribe(Cursor& in);
Result<Status> parse_status(Cursor& in);
Result<GetQuota> parse_get_quota(Cursor& in);
Result<GetQuotaRoot> parse_get_quota_root(Cursor& in);
std::vector<StatusItem> parse_status_items(Cursor& in);  // each once

// list.cpp
Result<List> parse_list(Cursor& in);
Result<Lsub> parse_lsub(Cursor& in);

// metadata.cpp
std::vector<std::string> parse_metadata_entries(Cursor& in);
Result<GetMetadata> parse_get_metadata(Cursor& in);
Result<SetMetadata> parse_set_metadata(Cursor& in);

// append.cpp
void parse_flag(Cursor& in, Flags& flags);
Flags parse_flag_list(Cursor& in);
Result<Append> parse_append(Cursor& in);
// From the line behind a message's octets: other messages (RFC 3502).
Result<std::vector<AppendMessage>> parse_next_appends(Cursor& in);
// From the line behind the octets of a TEXT: further parts of the same message, which come first, and
// messages behind it (RFC 4469).
Result<std::vector<AppendMessage>> parse_more_parts(Cursor& in);
Result<Replace> parse_replace(Cursor& in);
Result<Replace> parse_uid_replace(Cursor& in);

// fetch.cpp
FetchItem parse_fetch_item(Cursor& in);
Section parse_section(Cursor& in);  // behind the opening bracket, with the closing one
Result<Fetch> parse_fetch(Cursor& in);
Result<Fetch> parse_uid_fetch(Cursor& in);

// search.cpp
Result<Search> parse_search(Cursor& in);
Result<Search> parse_uid_search(Cursor& in);

// mailbox_filter.cpp
enum class FilterOf : bool { notify, search };
MailboxFilter parse_mailbox_filter(Cursor& in, FilterOf command);
Result<MultiSearch> parse_multi_search(Cursor& in);
// notify.cpp
Result<Notify> parse_notify(Cursor& in);

// sort.cpp
Result<Sort> parse_sort(Cursor& in);
Result<Sort> parse_uid_sort(Cursor& in);
Result<Thread> parse_thread(Cursor& in);
Result<Thread> parse_uid_thread(Cursor& in);

// messages.cpp
Result<Store> parse_store(Cursor& in);
Result<Store> parse_uid_store(Cursor& in);
Result<Copy> parse_copy(Cursor& in);
Result<Copy> parse_uid_copy(Cursor& in);
Result<Move> parse_move(Cursor& in);
Result<Move> parse_uid_move(Cursor& in);
Result<UidExpunge> parse_uid_expunge(Cursor& in);
Result<UidBatches> parse_uid_batches(Cursor& in);

}  // namespace postern::imap
