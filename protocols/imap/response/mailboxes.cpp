#include "protocols/imap/response/mailboxes.h"

#include "protocols/imap/grammar/sequence_set.h"
#include "protocols/imap/response/writer.h"

namespace postern::imap {

namespace {

constexpr std::string_view kSeparator = " \"/\" ";

void print_status_item(Writer& out, StatusItem item, const StatusAnswer& answer) {
  const MailboxStatus& status = answer.status;
  switch (item) {
    case StatusItem::messages: out.raw("MESSAGES ").number(status.messages); break;
    case StatusItem::recent: out.raw("RECENT ").number(answer.recent); break;
    case StatusItem::uid_next: out.raw("UIDNEXT ").number(raw(status.uid_next)); break;
    case StatusItem::uid_validity: out.raw("UIDVALIDITY ").number(raw(status.uid_validity)); break;
    case StatusItem::unseen: out.raw("UNSEEN ").number(status.unseen); break;
    case StatusItem::highest_modseq: out.raw("HIGHESTMODSEQ ").number(raw(status.highest_modseq)); break;
    case StatusItem::size: out.raw("SIZE ").number(status.octets); break;
    case StatusItem::deleted: out.raw("DELETED ").number(status.deleted); break;
  }
}

}  // namespace

void print_list(std::string& out, const ListEntry& entry) {
  Writer writer(out);
  std::string_view separator;
  const auto attribute = [&](std::string_view name) {
    writer.raw(separator).raw(name);
    separator = " ";
  };
  writer.raw("* LIST (");
  if (entry.non_existent) attribute("\\NonExistent");
  if (entry.non_existent) attribute("\\Noselect");
  if (entry.subscribed) attribute("\\Subscribed");
  if (entry.has_children) attribute(*entry.has_children ? "\\HasChildren" : "\\HasNoChildren");
  if (entry.special_use != SpecialUse::none) attribute(attribute_of(entry.special_use));
  writer.raw(")").raw(kSeparator).mailbox(entry.name);
  if (entry.child_subscribed) writer.raw(" (\"CHILDINFO\" (\"SUBSCRIBED\"))");
  writer.line_end();
}

void print_lsub(std::string& out, const MailboxName& name, bool no_select) {
  Writer(out).raw(no_select ? "* LSUB (\\Noselect)" : "* LSUB ()").raw(kSeparator).mailbox(name).line_end();
}

void print_list_root(std::string& out) {
  Writer(out).raw("* LIST (\\Noselect)").raw(kSeparator).raw("\"\"").line_end();
}

void print_namespace(std::string& out) {
  Writer(out).raw("* NAMESPACE ((\"\" \"/\")) NIL NIL").line_end();
}

void print_status(std::string& out, const MailboxName& name, const std::vector<StatusItem>& items,
                  const StatusAnswer& answer) {
  Writer writer(out);
  writer.raw("* STATUS ").mailbox(name);
  std::string_view separator = " (";
  for (StatusItem item : items) {
    writer.raw(separator);
    print_status_item(writer, item, answer);
    separator = " ";
  }
  writer.raw(")").line_end();
}

void print_flags(std::string& out, const std::vector<std::string>& keywords) {
  Writer writer(out);
  std::string_view separator = "* FLAGS (";
  for (std::string_view name : system_flag_names(0xFF)) {
    writer.raw(separator).raw(name);
    separator = " ";
  }
  for (const std::string& keyword : keywords) writer.raw(separator).raw(keyword);
  writer.raw(")").line_end();
}

void print_search(std::string& out, const std::vector<std::uint32_t>& found, std::optional<ModSeq> modseq) {
  Writer writer(out);
  writer.raw("* SEARCH");
  for (std::uint32_t number : found) writer.raw(" ").number(number);
  if (modseq && !found.empty()) writer.raw(" (MODSEQ ").number(raw(*modseq)).raw(")");
  writer.line_end();
}

void print_esearch(std::string& out, const SearchAnswer& answer, const std::vector<std::uint32_t>& found) {
  Writer writer(out);
  writer.raw("* ESEARCH (TAG \"").raw(answer.tag).raw("\")");
  if (answer.uid) writer.raw(" UID");
  if (!found.empty()) {
    if (answer.returned.min) writer.raw(" MIN ").number(found.front());
    if (answer.returned.max) writer.raw(" MAX ").number(found.back());
    if (answer.returned.all) writer.raw(" ALL ").raw(to_sequence_text(found));
  }
  if (answer.returned.count) writer.raw(" COUNT ").number(found.size());
  if (answer.modseq && !found.empty()) writer.raw(" MODSEQ ").number(raw(*answer.modseq));
  writer.line_end();
}

}  // namespace postern::imap
