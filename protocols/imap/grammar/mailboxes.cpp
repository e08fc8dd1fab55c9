// Arguments of the commands that name mailboxes (RFC 3501 §6.3, RFC 6154 §3, RFC 7162 §3.1.8, §3.2.5, RFC
// 9208).
#include <algorithm>
#include <array>

#include "gateway/base/text.h"
#include "protocols/imap/grammar/parse.h"

namespace postern::imap {

namespace {

struct NamedItem {
  std::string_view name;
  StatusItem item;
};
constexpr std::array kStatusItems{
    NamedItem{"MESSAGES", StatusItem::messages},
    NamedItem{"RECENT", StatusItem::recent},
    NamedItem{"UIDNEXT", StatusItem::uid_next},
    NamedItem{"UIDVALIDITY", StatusItem::uid_validity},
    NamedItem{"UNSEEN", StatusItem::unseen},
    NamedItem{"HIGHESTMODSEQ", StatusItem::highest_modseq},
    NamedItem{"SIZE", StatusItem::size},
    NamedItem{"DELETED", StatusItem::deleted},
    NamedItem{"MAILBOXID", StatusItem::mailbox_id},
    NamedItem{"APPENDLIMIT", StatusItem::append_limit},
    NamedItem{"DELETED-STORAGE", StatusItem::deleted_size},
};

template <class C>
Result<C> parse_one_mailbox(Cursor& in) {
  C command;
  command.mailbox = in.mailbox();
  return in.finish(std::move(command));
}

StatusItem parse_status_item(Cursor& in) {
  const std::size_t begin = in.position();
  const std::string_view name = in.atom("a status item");
  for (const NamedItem& known : kStatusItems) {
    if (text::same(known.name, name)) return known.item;
  }
  in.fail_at(begin, "expected a status item");
  return StatusItem::messages;
}

// "QRESYNC" SP "(" uidvalidity SP mod-sequence-value [SP known-uids] [SP "(" set SP set ")"] ")"
Resync parse_resync(Cursor& in) {
  Resync resync;
  in.space();
  in.expect('(');
  resync.uid_validity = UidValidity(in.nz_number());
  in.space();
  const std::size_t begin = in.position();
  resync.since = ModSeq(in.number(kNumber63Max));
  if (raw(resync.since) == 0) in.fail_at(begin, "expected a number above zero");
  bool more = in.take(" ");
  if (more && !in.peek('(')) {
    resync.known = in.known_uids();
    more = in.take(" ");
  }
  if (more) {
    in.expect('(');
    in.known_uids();
    in.space();
    in.known_uids();
    in.expect(')');
  }
  in.expect(')');
  return resync;
}

// select-param, in the parentheses of RFC 4466 §2.1
Result<Select> parse_opening(Cursor& in, Select select) {
  select.mailbox = in.mailbox();
  if (in.take(" ")) {
    in.list([&select](Cursor& parameter) {
      if (parameter.take_word("QRESYNC")) {
        select.resync = parse_resync(parameter);
      } else if (!parameter.take_word("CONDSTORE")) {
        parameter.fail("expected CONDSTORE or QRESYNC");
      }
      return select.condstore = true;
    });
  }
  return in.finish(std::move(select));
}

// use-attr = "\" atom
void parse_special_use(Cursor& in, Create& create) {
  const auto attributes = in.list([](Cursor& use) {
    use.expect('\\');
    return '\\' + std::string(use.atom("a special use"));
  });
  const auto known = special_use_from(attributes.empty() ? std::string() : attributes.front());
  create.special_use = known.value_or(SpecialUse::none);
  create.special_use_refused = attributes.size() != 1 || !known;
}

}  // namespace

std::vector<StatusItem> parse_status_items(Cursor& in) {
  std::vector<StatusItem> items;
  for (StatusItem item : in.list(parse_status_item)) {
    if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(item);
  }
  return items;
}

Result<Select> parse_select(Cursor& in) {
  return parse_opening(in, Select{});
}

Result<Select> parse_examine(Cursor& in) {
  Select examine;
  examine.read_only = true;
  return parse_opening(in, std::move(examine));
}

// create-param =/ "USE" SP "(" [use-attr *(SP use-attr)] ")", in the parentheses of RFC 4466 §2.2
Result<Create> parse_create(Cursor& in) {
  Create create;
  create.mailbox = in.new_mailbox();
  if (in.take(" ")) {
    in.expect('(');
    if (in.take_word("USE")) {
      in.space();
      if (!in.take("()")) parse_special_use(in, create);
    } else {
      in.fail("expected USE");
    }
    in.expect(')');
  }
  return in.finish(std::move(create));
}

Result<Delete> parse_delete(Cursor& in) {
  return parse_one_mailbox<Delete>(in);
}
Result<Subscribe> parse_subscribe(Cursor& in) {
  return parse_one_mailbox<Subscribe>(in);
}
Result<Unsubscribe> parse_unsubscribe(Cursor& in) {
  return parse_one_mailbox<Unsubscribe>(in);
}

Result<Rename> parse_rename(Cursor& in) {
  Rename rename;
  rename.from = in.mailbox();
  in.space();
  rename.to = in.new_mailbox();
  return in.finish(std::move(rename));
}

Result<GetQuota> parse_get_quota(Cursor& in) {
  GetQuota get;
  get.root = in.astring("a quota root");
  return in.finish(std::move(get));
}

Result<GetQuotaRoot> parse_get_quota_root(Cursor& in) {
  return parse_one_mailbox<GetQuotaRoot>(in);
}

Result<Status> parse_status(Cursor& in) {
  Status status;
  status.mailbox = in.mailbox();
  in.space();
  status.items = parse_status_items(in);
  return in.finish(std::move(status));
}

}  // namespace postern::imap
