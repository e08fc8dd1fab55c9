// Arguments of NOTIFY (RFC 5465 §8).
#include <algorithm>
#include <array>

#include "gateway/base/text.h"
#include "protocols/imap/grammar/parse.h"

namespace postern::imap {

namespace {

struct NamedEvent {
  std::string_view name;
  NotifyEvent event;
};
constexpr std::array kEvents{
    NamedEvent{"MessageNew", NotifyEvent::message_new},
    NamedEvent{"MessageExpunge", NotifyEvent::message_expunge},
    NamedEvent{"FlagChange", NotifyEvent::flag_change},
    NamedEvent{"MailboxName", NotifyEvent::mailbox_name},
    NamedEvent{"SubscriptionChange", NotifyEvent::subscription_change},
    NamedEvent{"MailboxMetadataChange", NotifyEvent::mailbox_metadata},
    NamedEvent{"ServerMetadataChange", NotifyEvent::server_metadata},
};

bool is_of_selected(const NotifyGroup& group) {
  return group.filter.kind == MailboxFilter::Kind::selected ||
         group.filter.kind == MailboxFilter::Kind::selected_delayed;
}

// event = "MessageNew" [SP "(" fetch-att *(SP fetch-att) ")"] / … ; one that is not known here is syntax all
// the same.
void parse_event(Cursor& in, NotifyGroup& group, bool& unsupported) {
  const std::string_view name = in.atom("an event");
  const auto known = std::find_if(kEvents.begin(), kEvents.end(),
                                  [name](const NamedEvent& one) { return text::same(one.name, name); });
  if (known == kEvents.end()) {
    unsupported = true;
    return;
  }
  group.events |= static_cast<std::uint8_t>(known->event);
  if (known->event != NotifyEvent::message_new || !in.peek(" (")) return;
  const std::size_t begin = in.position();
  in.space();
  group.fetched = in.list(parse_fetch_item);
  for (FetchItem& item : group.fetched) item.peek = true;
  if (!is_of_selected(group)) in.fail_at(begin, "expected items of the selected mailbox alone");
}

// Which events go together (RFC 5465 §5), and which are of the selected mailbox (§6.1).
std::string_view fault_of(const NotifyGroup& group) {
  const bool come = group.wants(NotifyEvent::message_new);
  if (come != group.wants(NotifyEvent::message_expunge))
    return "expected MessageNew together with MessageExpunge";
  if (group.wants(NotifyEvent::flag_change) && !come) return "expected MessageNew together with FlagChange";
  if (is_of_selected(group) && (group.events & ~kMessageEvents) != 0) return "expected events of messages";
  return {};
}

// event-group = "(" filter-mailboxes SP events ")"
NotifyGroup parse_group(Cursor& in, bool& unsupported) {
  NotifyGroup group;
  const std::size_t begin = in.position();
  in.expect('(');
  group.filter = parse_mailbox_filter(in, FilterOf::notify);
  in.space();
  if (!in.take_word("NONE")) {
    in.list([&](Cursor& event) { return parse_event(event, group, unsupported), true; });
  }
  in.expect(')');
  if (const std::string_view fault = fault_of(group); !fault.empty() && !unsupported)
    in.fail_at(begin, fault);
  return group;
}

}  // namespace

Result<Notify> parse_notify(Cursor& in) {
  Notify notify;
  if (in.take_word("NONE")) return in.finish(std::move(notify));
  if (!in.take_word("SET")) in.fail("expected SET or NONE");
  in.space();
  notify.status = in.take_word("STATUS");
  if (notify.status) in.space();
  const std::size_t begin = in.position();
  do {
    if (notify.groups.size() == kListItemsMax) in.fail("expected at most 1000 groups");
    notify.groups.push_back(parse_group(in, notify.unsupported));
  } while (in.take(" "));
  if (std::count_if(notify.groups.begin(), notify.groups.end(), is_of_selected) > 1) {
    in.fail_at(begin, "expected the selected mailbox once");
  }
  return in.finish(std::move(notify));
}

}  // namespace postern::imap
