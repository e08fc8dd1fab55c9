// Arguments of STORE, COPY, MOVE and UID EXPUNGE (RFC 3501 §6.4, RFC 4315 §2.1, RFC 6851, RFC 7162 §3.1.3).
#include "protocols/imap/grammar/parse.h"

namespace postern::imap {

namespace {

// store-modifier =/ "UNCHANGEDSINCE" SP mod-sequence-valzer
void parse_store_modifiers(Cursor& in, Store& store) {
  in.list([&store](Cursor& modifier) {
    if (!modifier.take_word("UNCHANGEDSINCE")) modifier.fail("expected UNCHANGEDSINCE");
    modifier.space();
    store.unchanged_since = ModSeq(modifier.number(kNumber63Max));
    return true;
  });
}

// store-att-flags = (["+" / "-"] "FLAGS" [".SILENT"]) SP (flag-list / (flag *(SP flag)))
void parse_flag_change(Cursor& in, Store& store) {
  if (in.take("+")) {
    store.change.mode = FlagChangeMode::add;
  } else if (in.take("-")) {
    store.change.mode = FlagChangeMode::remove;
  }
  store.silent = in.take_word("FLAGS.SILENT");
  if (!store.silent && !in.take_word("FLAGS")) in.fail("expected FLAGS");
  in.space();
  if (in.peek('(')) {
    store.change.flags = parse_flag_list(in);
    return;
  }
  do {
    parse_flag(in, store.change.flags);
  } while (in.take(" "));
}

Result<Store> parse_store_of(Cursor& in, Store store) {
  store.set = in.sequence_set();
  in.space();
  if (in.peek('(')) {
    parse_store_modifiers(in, store);
    in.space();
  }
  parse_flag_change(in, store);
  return in.finish(std::move(store));
}

template <class C>
Result<C> parse_transfer(Cursor& in, C command) {
  command.set = in.sequence_set();
  in.space();
  command.mailbox = in.mailbox();
  return in.finish(std::move(command));
}

template <class C>
C by_uid() {
  C command;
  command.uid = true;
  return command;
}

}  // namespace

Result<Store> parse_store(Cursor& in) {
  return parse_store_of(in, Store{});
}
Result<Store> parse_uid_store(Cursor& in) {
  return parse_store_of(in, by_uid<Store>());
}
Result<Copy> parse_copy(Cursor& in) {
  return parse_transfer(in, Copy{});
}
Result<Copy> parse_uid_copy(Cursor& in) {
  return parse_transfer(in, by_uid<Copy>());
}
Result<Move> parse_move(Cursor& in) {
  return parse_transfer(in, Move{});
}
Result<Move> parse_uid_move(Cursor& in) {
  return parse_transfer(in, by_uid<Move>());
}

// message-batches = "UIDBATCHES" SP nz-number [SP nz-number ":" nz-number]; the lower batch stands first.
Result<UidBatches> parse_uid_batches(Cursor& in) {
  UidBatches command;
  command.messages = in.nz_number();
  if (in.take(" ")) {
    const std::size_t begin = in.position();
    Window batches;
    batches.first = in.nz_number();
    in.expect(':');
    batches.last = in.nz_number();
    if (batches.first > batches.last) in.fail_at(begin, "expected the lower batch first");
    command.batches = batches;
  }
  return in.finish(std::move(command));
}

Result<UidExpunge> parse_uid_expunge(Cursor& in) {
  UidExpunge expunge;
  expunge.uids = in.sequence_set();
  return in.finish(std::move(expunge));
}

}  // namespace postern::imap
