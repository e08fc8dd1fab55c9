// Arguments of LIST and LSUB (RFC 3501 §6.3.8, RFC 5258 §6, RFC 5819, RFC 6154 §2, RFC 9590).
#include "protocols/imap/grammar/mailbox_name.h"
#include "protocols/imap/grammar/parse.h"

namespace postern::imap {

namespace {

// What is no modified UTF-7 is matched as it stands: a client that forgot to encode "&" still finds it.
std::string to_utf8(const Cursor& in, std::string spelled) {
  if (in.names() == NameSpelling::utf8) return spelled;
  Result<std::string> decoded = from_modified_utf7(spelled);
  return decoded ? *std::move(decoded) : std::move(spelled);
}

std::string parse_pattern(Cursor& in) {
  std::string spelled = in.list_mailbox();
  return to_utf8(in, std::move(spelled));
}

std::string parse_reference(Cursor& in) {
  std::string spelled = in.astring("a reference");
  return to_utf8(in, std::move(spelled));
}

bool* selection_option(Cursor& in, List::Selection& selection) {
  if (in.take_word("SUBSCRIBED")) return &selection.subscribed;
  if (in.take_word("REMOTE")) return &selection.remote;
  if (in.take_word("RECURSIVEMATCH")) return &selection.recursive_match;
  if (in.take_word("SPECIAL-USE")) return &selection.special_use;
  return nullptr;
}

List::Selection parse_selection(Cursor& in) {
  List::Selection selection;
  const std::size_t begin = in.position();
  in.list(
      [&selection](Cursor& option) {
        bool* chosen = selection_option(option, selection);
        if (chosen == nullptr) option.fail("expected a selection option");
        return chosen != nullptr && (*chosen = true);
      },
      0);
  // RFC 5258 §3.1: it modifies another option and means nothing without one.
  if (selection.recursive_match && !selection.subscribed && !selection.special_use) {
    in.fail_at(begin, "expected RECURSIVEMATCH together with another selection option");
  }
  return selection;
}

bool parse_return_option(Cursor& in, List::Return& returned) {
  if (in.take_word("SUBSCRIBED")) return returned.subscribed = true;
  if (in.take_word("CHILDREN")) return returned.children = true;
  if (in.take_word("SPECIAL-USE")) return returned.special_use = true;
  if (in.take_word("STATUS")) {
    in.space();
    returned.status = parse_status_items(in);
    return true;
  }
  if (in.take_word("METADATA")) {
    in.space();
    returned.metadata = parse_metadata_entries(in);
    return true;
  }
  in.fail("expected a return option");
  return false;
}

}  // namespace

Result<List> parse_list(Cursor& in) {
  List list;
  if (in.peek('(')) {
    list.extended = true;
    list.selection = parse_selection(in);
    in.space();
  }
  list.reference = parse_reference(in);
  in.space();
  if (in.peek('(')) {
    list.extended = true;
    list.patterns = in.list(parse_pattern);
  } else {
    list.patterns.push_back(parse_pattern(in));
  }
  if (in.take(" ")) {
    list.extended = true;
    if (!in.take_word("RETURN")) in.fail("expected RETURN");
    in.space();
    in.list([&list](Cursor& option) { return parse_return_option(option, list.returned); }, 0);
  }
  return in.finish(std::move(list));
}

Result<Lsub> parse_lsub(Cursor& in) {
  Lsub lsub;
  lsub.reference = parse_reference(in);
  in.space();
  lsub.pattern = parse_pattern(in);
  return in.finish(std::move(lsub));
}

}  // namespace postern::imap
