#include "protocols/imap/response/mailboxes.h"

#include <algorithm>

#include "protocols/imap/grammar/sequence_set.h"
#include "protocols/imap/response/object_id.h"
#include "protocols/imap/response/writer.h"

namespace postern::imap {

namespace {

constexpr std::string_view kSeparator = " \"/\" ";
constexpr std::string_view kQuotaRoot = "\"\"";

// STORAGE and DELETED-STORAGE count in units of 1024 octets (RFC 9208 §5.1).
std::uint64_t kibibytes(std::uint64_t octets) {
  return octets / 1024 + (octets % 1024 == 0 ? 0 : 1);
}

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
    case StatusItem::deleted_size:
      out.raw("DELETED-STORAGE ").number(kibibytes(answer.deleted_octets));
      break;
    case StatusItem::mailbox_id: out.raw("MAILBOXID (").raw(mailbox_id_text(answer.mailbox)).raw(")"); break;
    case StatusItem::append_limit: out.raw("APPENDLIMIT ").number(answer.append_octets_max); break;
  }
}

// "PARTIAL (-1:-100 4,7)", or NIL if nothing is there (RFC 9394 §3.1).
void print_partial(Writer& out, const Window& window, const std::vector<std::uint32_t>& found) {
  const std::string_view sign = window.from_end ? "-" : "";
  out.raw(" PARTIAL (").raw(sign).number(window.first).raw(":").raw(sign).number(window.last).raw(" ");
  const auto [begin, end] = places_in(window, found.size());
  const auto at = [&found](std::size_t place) { return found.begin() + static_cast<std::ptrdiff_t>(place); };
  out.raw(begin == end ? "NIL" : to_sequence_text({at(begin), at(end)})).raw(")");
}

}  // namespace

void print_list(std::string& out, const ListEntry& entry, NameSpelling names) {
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
  writer.raw(")").raw(kSeparator).mailbox(entry.name, names);
  if (entry.child_subscribed) writer.raw(" (\"CHILDINFO\" (\"SUBSCRIBED\"))");
  if (entry.old_name) writer.raw(" (\"OLDNAME\" (").mailbox(*entry.old_name, names).raw("))");
  writer.line_end();
}

void print_lsub(std::string& out, const MailboxName& name, bool no_select, NameSpelling names) {
  Writer writer(out);
  writer.raw(no_select ? "* LSUB (\\Noselect)" : "* LSUB ()").raw(kSeparator).mailbox(name, names).line_end();
}

void print_list_root(std::string& out) {
  Writer(out).raw("* LIST (\\Noselect)").raw(kSeparator).raw("\"\"").line_end();
}

void print_namespace(std::string& out) {
  Writer(out).raw("* NAMESPACE ((\"\" \"/\")) NIL NIL").line_end();
}

void print_status(std::string& out, const MailboxName& name, const std::vector<StatusItem>& items,
                  const StatusAnswer& answer, NameSpelling names) {
  Writer writer(out);
  writer.raw("* STATUS ").mailbox(name, names);
  std::string_view separator = " (";
  for (StatusItem item : items) {
    writer.raw(separator);
    print_status_item(writer, item, answer);
    separator = " ";
  }
  writer.raw(")").line_end();
}

void print_vanished(std::string& out, const UidSet& uids, Vanished when) {
  if (uids.empty()) return;
  Writer writer(out);
  writer.raw(when == Vanished::earlier ? "* VANISHED (EARLIER) " : "* VANISHED ")
      .raw(uids.to_text())
      .line_end();
}

void print_uid_batches(std::string& out, std::string_view tag, const std::vector<UidRange>& batches) {
  Writer writer(out);
  writer.raw("* UIDBATCHES (TAG \"").raw(tag).raw("\")");
  std::string_view separator = " ";
  for (const UidRange& batch : batches) {
    writer.raw(separator).number(raw(batch.last)).raw(":").number(raw(batch.first));
    separator = ",";
  }
  writer.line_end();
}

MetadataResponse::MetadataResponse(std::string& out, const std::optional<MailboxName>& name,
                                   NameSpelling names)
    : out_(out) {
  Writer head(head_);
  head.raw("* METADATA ");
  if (name) {
    head.mailbox(*name, names);
  } else {
    head.raw("\"\"");
  }
}

void MetadataResponse::add(std::string_view entry, const std::optional<std::string>& value) {
  Writer writer(out_);
  if (begun_) {
    writer.raw(" ");
  } else {
    writer.raw(head_).raw(" (");
  }
  begun_ = true;
  writer.astring(entry).raw(" ");
  if (value && value->find('\0') != std::string::npos) {
    writer.raw("~{").number(value->size()).raw("}\r\n").raw(*value);
  } else {
    writer.nstring(value);
  }
}

void MetadataResponse::finish() {
  if (begun_) Writer(out_).raw(")").line_end();
  begun_ = false;
}

void print_quota_root(std::string& out, const MailboxName& name, NameSpelling names) {
  Writer(out).raw("* QUOTAROOT ").mailbox(name, names).raw(" ").raw(kQuotaRoot).line_end();
}

// A resource without a limit is not listed: what is listed can be used up.
void print_quota(std::string& out, const QuotaUsage& usage) {
  Writer writer(out);
  writer.raw("* QUOTA ").raw(kQuotaRoot).raw(" (");
  if (usage.octets_max) {
    writer.raw("STORAGE ").number(kibibytes(usage.octets)).raw(" ").number(*usage.octets_max / 1024);
  }
  if (usage.messages_max) {
    if (usage.octets_max) writer.raw(" ");
    writer.raw("MESSAGE ").number(usage.messages).raw(" ").number(*usage.messages_max);
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

namespace {

void print_found(std::string& out, std::string_view name, const std::vector<std::uint32_t>& found,
                 std::optional<ModSeq> modseq) {
  Writer writer(out);
  writer.raw("* ").raw(name);
  for (std::uint32_t number : found) writer.raw(" ").number(number);
  if (modseq && !found.empty()) writer.raw(" (MODSEQ ").number(raw(*modseq)).raw(")");
  writer.line_end();
}

}  // namespace

void print_search(std::string& out, const std::vector<std::uint32_t>& found, std::optional<ModSeq> modseq) {
  print_found(out, "SEARCH", found, modseq);
}

void print_sort(std::string& out, const std::vector<std::uint32_t>& found, std::optional<ModSeq> modseq) {
  print_found(out, "SORT", found, modseq);
}

std::pair<std::size_t, std::size_t> places_in(const Window& window, std::size_t count) {
  const std::size_t first = std::min<std::size_t>(window.first - 1, count);
  const std::size_t last = std::min<std::size_t>(window.last, count);
  if (window.from_end) return {count - last, count - first};
  return {first, last};
}

void print_esearch(std::string& out, const SearchAnswer& answer, const std::vector<std::uint32_t>& found) {
  Writer writer(out);
  writer.raw("* ESEARCH (TAG \"").raw(answer.tag).raw("\"");
  if (answer.mailbox != nullptr) {
    writer.raw(" MAILBOX ").mailbox(answer.mailbox->name, answer.names);
    writer.raw(" UIDVALIDITY ").number(raw(answer.mailbox->status.uid_validity));
  }
  writer.raw(")");
  if (answer.uid) writer.raw(" UID");
  if (!found.empty()) {
    if (answer.returned.min) writer.raw(" MIN ").number(found.front());
    if (answer.returned.max) writer.raw(" MAX ").number(found.back());
    if (answer.returned.all) writer.raw(" ALL ").raw(to_sequence_text(found));
  }
  if (answer.returned.count) writer.raw(" COUNT ").number(found.size());
  if (answer.returned.partial) print_partial(writer, *answer.returned.partial, found);
  if (answer.modseq && !found.empty()) writer.raw(" MODSEQ ").number(raw(*answer.modseq));
  writer.line_end();
}

}  // namespace postern::imap
