#include "protocols/imap/sort_order.h"

#include <algorithm>

#include "protocols/imap/base_subject.h"
#include "storage/mime/date_time.h"
#include "storage/mime/decode.h"
#include "storage/mime/fold.h"

namespace postern::imap {

namespace {

// addr-mailbox of the first address (RFC 5256 §3); a group's name stands where a mailbox would.
std::string mailbox_of(const std::vector<mime::EnvelopeAddress>& addresses) {
  return addresses.empty() ? std::string() : mime::fold(addresses.front().mailbox.value_or(""));
}

// The name of the first address as people see it, else the address (RFC 5957 §3).
std::string display_of(const std::vector<mime::EnvelopeAddress>& addresses) {
  if (addresses.empty()) return {};
  const mime::EnvelopeAddress& first = addresses.front();
  const std::string name = mime::decode_text(first.name.value_or(""));
  if (!name.empty()) return mime::fold(name);
  std::string address = first.mailbox.value_or("");
  if (first.host && !first.host->empty()) address += '@' + *first.host;
  return mime::fold(address);
}

int compare(const SortKey& key, const Sortable& a, const Sortable& b) {
  const auto of = [](const auto& left, const auto& right) {
    return left < right ? -1 : right < left ? 1 : 0;
  };
  switch (key.kind) {
    case SortKind::arrival: return of(a.arrival, b.arrival);
    case SortKind::date: return of(a.sent, b.sent);
    case SortKind::size: return of(a.size, b.size);
    case SortKind::subject: return of(a.subject, b.subject);
    case SortKind::from: return of(a.from, b.from);
    case SortKind::to: return of(a.to, b.to);
    case SortKind::cc: return of(a.cc, b.cc);
    case SortKind::display_from: return of(a.display_from, b.display_from);
    case SortKind::display_to: return of(a.display_to, b.display_to);
  }
  return 0;
}

}  // namespace

bool asks_envelope(const std::vector<SortKey>& keys) {
  return std::any_of(keys.begin(), keys.end(), [](const SortKey& key) {
    return key.kind != SortKind::arrival && key.kind != SortKind::size;
  });
}

WallTime sent_time(const MessageFacts& facts, const mime::Envelope& envelope) {
  const auto date = envelope.date ? mime::parse_date(*envelope.date) : std::nullopt;
  return date ? WallTime(date->utc) : facts.internal_date;
}

Sortable sortable_of(const MessageFacts& facts, const mime::Envelope& envelope,
                     const std::vector<SortKey>& keys) {
  Sortable message;
  message.uid = facts.uid;
  message.arrival = facts.internal_date;
  message.size = facts.size;
  for (const SortKey& key : keys) {
    switch (key.kind) {
      case SortKind::arrival:
      case SortKind::size: break;
      case SortKind::date: message.sent = sent_time(facts, envelope); break;
      case SortKind::subject: message.subject = base_subject(envelope.subject.value_or("")).text; break;
      case SortKind::from: message.from = mailbox_of(envelope.from); break;
      case SortKind::to: message.to = mailbox_of(envelope.to); break;
      case SortKind::cc: message.cc = mailbox_of(envelope.cc); break;
      case SortKind::display_from: message.display_from = display_of(envelope.from); break;
      case SortKind::display_to: message.display_to = display_of(envelope.to); break;
    }
  }
  return message;
}

void sort_by(const std::vector<SortKey>& keys, std::vector<Sortable>& messages) {
  std::sort(messages.begin(), messages.end(), [&keys](const Sortable& a, const Sortable& b) {
    for (const SortKey& key : keys) {
      const int order = compare(key, a, b);
      if (order != 0) return key.reverse ? order > 0 : order < 0;
    }
    return a.number < b.number;
  });
}

}  // namespace postern::imap
