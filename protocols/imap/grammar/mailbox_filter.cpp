// filter-mailboxes of NOTIFY (RFC 5465 §8) and ESEARCH (RFC 7377 §4), and the arguments of ESEARCH.
#include "protocols/imap/grammar/parse.h"
#include "protocols/imap/grammar/search_parts.h"

namespace postern::imap {

namespace {

// one-or-more-mailbox = mailbox / "(" mailbox *(SP mailbox) ")"
std::vector<MailboxArgument> parse_mailboxes(Cursor& in) {
  in.space();
  if (!in.peek('(')) return std::vector<MailboxArgument>(1, in.mailbox());
  return in.list([](Cursor& one) { return one.mailbox(); });
}

}  // namespace

MailboxFilter parse_mailbox_filter(Cursor& in, FilterOf command) {
  using enum MailboxFilter::Kind;
  MailboxFilter filter;
  if (in.take_word("SELECTED")) {
    filter.kind = selected;
  } else if (command == FilterOf::notify && in.take_word("SELECTED-DELAYED")) {
    filter.kind = selected_delayed;
  } else if (in.take_word("PERSONAL")) {
    filter.kind = personal;
  } else if (in.take_word("INBOXES")) {
    filter.kind = inboxes;
  } else if (in.take_word("SUBSCRIBED")) {
    filter.kind = subscribed;
  } else if (in.take_word("SUBTREE")) {
    filter.kind = subtree;
    filter.names = parse_mailboxes(in);
  } else if (command == FilterOf::search && in.take_word("SUBTREE-ONE")) {
    filter.kind = subtree_one;
    filter.names = parse_mailboxes(in);
  } else if (in.take_word("MAILBOXES")) {
    filter.kind = mailboxes;
    filter.names = parse_mailboxes(in);
  } else {
    in.fail("expected a set of mailboxes");
  }
  return filter;
}

// esearch = "ESEARCH" [SP "IN" SP "(" source-mbox ")"] [SP search-return-opts] SP search-program
Result<MultiSearch> parse_multi_search(Cursor& in) {
  MultiSearch search;
  search.search.uid = true;
  if (in.take_word("IN")) {
    in.space();
    search.sources = in.list([](Cursor& one) { return parse_mailbox_filter(one, FilterOf::search); });
    in.space();
  }
  parse_search_arguments(in, search.search);
  Search::Return everything;
  everything.all = true;
  if (!search.search.returned) search.search.returned = everything;
  return in.finish(std::move(search));
}

}  // namespace postern::imap
