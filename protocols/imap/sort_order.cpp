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

// Big-endian, the sign turned round: as octets compare, so do the numbers.
std::string octets_of_number(std::int64_t number) {
  const std::uint64_t bits = static_cast<std::uint64_t>(number) ^ (std::uint64_t{1} << 63);
  std::string octets;
  for (int shift = 56; shift >= 0; shift -= 8) octets += static_cast<char>(bits >> shift & 0xFF);
  return octets;
}

std::string octets_of_time(WallTime time) {
  return octets_of_number(time.time_since_epoch().count());
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

std::string sort_octets(SortKind kind, const MessageFacts& facts, const mime::Envelope& envelope) {
  switch (kind) {
    case SortKind::arrival: return octets_of_time(facts.internal_date);
    case SortKind::size: return octets_of_number(static_cast<std::int64_t>(facts.size));
    case SortKind::date: return octets_of_time(sent_time(facts, envelope));
    case SortKind::subject: return base_subject(envelope.subject.value_or("")).text;
    case SortKind::from: return mailbox_of(envelope.from);
    case SortKind::to: return mailbox_of(envelope.to);
    case SortKind::cc: return mailbox_of(envelope.cc);
    case SortKind::display_from: return display_of(envelope.from);
    case SortKind::display_to: return display_of(envelope.to);
  }
  return {};
}

std::vector<std::uint32_t> places_in_order(const std::vector<SortKey>& keys,
                                           const std::vector<OrderColumnPtr<std::string>>& columns,
                                           const std::vector<Uid>& uids) {
  std::vector<std::vector<const std::string*>> octets;
  for (const auto& column : columns) octets.push_back(aligned(*column, uids));
  std::vector<std::uint32_t> places;
  for (std::uint32_t place = 0; place < uids.size(); ++place) {
    const bool known =
        std::all_of(octets.begin(), octets.end(), [place](const auto& one) { return one[place] != nullptr; });
    if (known) places.push_back(place);
  }
  std::sort(places.begin(), places.end(), [&keys, &octets](std::uint32_t a, std::uint32_t b) {
    for (std::size_t k = 0; k < keys.size(); ++k) {
      const int order = octets[k][a]->compare(*octets[k][b]);
      if (order != 0) return keys[k].reverse ? order > 0 : order < 0;
    }
    return a < b;
  });
  return places;
}

}  // namespace postern::imap
