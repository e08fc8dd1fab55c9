#include "storage/search_plan.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mime/address.h"
#include "storage/mime/date_time.h"
#include "storage/mime/decode.h"
#include "storage/mime/fold.h"
#include "storage/mime/header.h"
#include "storage/search_walk.h"

namespace postern {

namespace {

Truth truth(bool value) {
  return value ? Truth::yes : Truth::no;
}

Truth compare_days(SearchKind kind, std::chrono::sys_days day, std::chrono::sys_days limit) {
  switch (kind) {
    case SearchKind::internal_before:
    case SearchKind::saved_before:
    case SearchKind::sent_before: return truth(day < limit);
    case SearchKind::internal_on:
    case SearchKind::saved_on:
    case SearchKind::sent_on: return truth(day == limit);
    default: return truth(day >= limit);
  }
}

const std::vector<mime::EnvelopeAddress>* addresses_of(const mime::Envelope& envelope,
                                                       std::string_view field) {
  if (text::same(field, "From")) return &envelope.from;
  if (text::same(field, "To")) return &envelope.to;
  if (text::same(field, "Cc")) return &envelope.cc;
  if (text::same(field, "Bcc")) return &envelope.bcc;
  return nullptr;
}

SliceKinds kinds_of(SearchKind kind, std::string_view field) {
  if (kind == SearchKind::body) return bit(SliceKind::body);
  if (kind == SearchKind::text) return bit(SliceKind::header) | bit(SliceKind::body);
  for (const IndexedField& indexed : kIndexedFields) {
    if (text::same(indexed.name, field)) return bit(indexed.kind);
  }
  // A name that no field can have is not worth a thought.
  return mime::field_name(std::string(field) + ":") == field ? bit(SliceKind::header)
                                                             : SearchPlan::kNotIndexed;
}

}  // namespace

void each_field_text(const mime::Structure& structure, std::string_view field,
                     const std::function<bool(std::string_view)>& f) {
  for (const mime::ListHeader& header : structure.list_headers) {
    if (!text::same(header.name, field)) continue;
    const std::size_t colon = header.raw.find(':');
    if (colon != std::string::npos && !f(folded_value(std::string_view(header.raw).substr(colon + 1))))
      return;
  }
  const auto* addresses = addresses_of(structure.envelope, field);
  if (addresses && !addresses->empty()) f(mime::fold(mime::display(*addresses, std::string::npos)));
}

std::optional<std::chrono::sys_days> sent_day(const mime::Structure& structure) {
  const auto& value = structure.envelope.date;
  const auto date = value ? mime::parse_date(*value) : std::nullopt;
  return date ? std::optional(date->day()) : std::nullopt;
}

std::chrono::sys_days internal_day(const MessageFacts& facts) {
  return std::chrono::floor<std::chrono::days>(facts.internal_date +
                                               std::chrono::minutes(facts.internal_zone_minutes));
}

Result<SearchPlan> SearchPlan::make(const SearchCriteria& criteria, const KeywordTable& keywords) {
  SearchPlan plan;
  TRY_VOID(plan.add(criteria, keywords, 1));
  return plan;
}

Result<void> SearchPlan::add(const SearchKey& key, const KeywordTable& keywords, std::size_t depth) {
  if (depth > kSearchDepthMax) return Error(ErrorKind::invalid, "search is nested too deeply");
  const std::size_t index = nodes_.size();
  Node node;
  node.kind = key.kind;
  node.uids = key.uids;
  node.flag_bits = key.flag_bits;
  node.number = key.number;
  node.day = key.day;
  switch (key.kind) {
    case SearchKind::keyword:
      if (const auto number = keywords.number_of(key.text)) {
        for (std::uint32_t set = 0; set < keywords.sets(); ++set) {
          const auto& numbers = keywords.set(set);
          node.keyword_sets.push_back(std::binary_search(numbers.begin(), numbers.end(), *number));
        }
      }
      break;
    case SearchKind::header:
    case SearchKind::address: add_needle(node, SearchKind::header, key.field, key.text); break;
    case SearchKind::subject: add_needle(node, SearchKind::header, "Subject", key.text); break;
    case SearchKind::body:
    case SearchKind::text:
      add_needle(node, key.kind, std::string(), key.text);
      asks_bodies_ = true;
      break;
    case SearchKind::internal_before:
    case SearchKind::internal_on:
    case SearchKind::internal_since:
    case SearchKind::larger:
    case SearchKind::smaller:
      asks_facts_ = true;
      kinds_ |= bit(SliceKind::facts);
      break;
    // The index knows days, and nothing of when a message came into a mailbox.
    case SearchKind::internal_older:
    case SearchKind::internal_younger:
    case SearchKind::saved_before:
    case SearchKind::saved_on:
    case SearchKind::saved_since: asks_facts_ = true; break;
    case SearchKind::sent_before:
    case SearchKind::sent_on:
    case SearchKind::sent_since: kinds_ |= bit(SliceKind::facts); break;
    default: break;
  }
  nodes_.push_back(std::move(node));
  for (const SearchKey& child : key.children) TRY_VOID(add(child, keywords, depth + 1));
  nodes_[index].end = nodes_.size();
  return {};
}

void SearchPlan::add_needle(Node& node, SearchKind kind, std::string field, const std::string& text) {
  node.needle = needles_.size();
  const SliceKinds kinds = kinds_of(kind, field);
  kinds_ |= kinds;
  needles_.push_back(Needle{kind, std::move(field), mime::fold(text), kinds});
}

Truth SearchPlan::evaluate(std::size_t index, const SearchEvidence& evidence) const {
  const Node& node = nodes_[index];
  switch (node.kind) {
    case SearchKind::all: return Truth::yes;
    case SearchKind::conjunction: return evaluate_any(index, evidence, Truth::no);
    case SearchKind::disjunction: return evaluate_any(index, evidence, Truth::yes);
    case SearchKind::negation: {
      const Truth inner = evaluate_any(index, evidence, Truth::no);
      return inner == Truth::unknown ? inner : truth(inner == Truth::no);
    }
    case SearchKind::uids: return truth(node.uids.contains(evidence.state->uid));
    case SearchKind::flag: return truth((evidence.state->flags & node.flag_bits) == node.flag_bits);
    case SearchKind::keyword: {
      const std::uint32_t set = evidence.state->keyword_set();
      return truth(set < node.keyword_sets.size() && node.keyword_sets[set]);
    }
    case SearchKind::modseq: return truth(raw(evidence.state->modseq) >= node.number);
    case SearchKind::internal_before:
    case SearchKind::internal_on:
    case SearchKind::internal_since:
      if (evidence.indexed) return compare_days(node.kind, evidence.indexed->internal_day, node.day);
      if (evidence.facts) return compare_days(node.kind, internal_day(*evidence.facts), node.day);
      return Truth::unknown;
    case SearchKind::internal_older:
    case SearchKind::internal_younger: {
      if (!evidence.facts) return Truth::unknown;
      const auto since_1970 = std::chrono::floor<std::chrono::seconds>(evidence.facts->internal_date);
      const std::int64_t date = since_1970.time_since_epoch().count();
      const auto limit = static_cast<std::int64_t>(node.number);
      return truth(node.kind == SearchKind::internal_older ? date <= limit : date >= limit);
    }
    case SearchKind::saved_before:
    case SearchKind::saved_on:
    case SearchKind::saved_since:
      if (!evidence.facts) return Truth::unknown;
      return compare_days(node.kind, std::chrono::floor<std::chrono::days>(evidence.facts->save_date),
                          node.day);
    case SearchKind::larger:
    case SearchKind::smaller: {
      if (!evidence.indexed && !evidence.facts) return Truth::unknown;
      const std::uint64_t size = evidence.indexed ? evidence.indexed->size : evidence.facts->size;
      return truth(node.kind == SearchKind::larger ? size > node.number : size < node.number);
    }
    case SearchKind::sent_before:
    case SearchKind::sent_on:
    case SearchKind::sent_since: {
      if (!evidence.indexed && !evidence.structure) return Truth::unknown;
      const auto day = evidence.indexed ? evidence.indexed->sent_day : sent_day(*evidence.structure);
      return day ? compare_days(node.kind, *day, node.day) : Truth::no;
    }
    case SearchKind::header:
    case SearchKind::address:
    case SearchKind::subject:
    case SearchKind::body:
    case SearchKind::text: return needle_found(node.needle, evidence);
  }
  return Truth::unknown;
}

// One deciding child decides; else one that is not known leaves all open.
Truth SearchPlan::evaluate_any(std::size_t index, const SearchEvidence& evidence, Truth deciding) const {
  Truth result = deciding == Truth::no ? Truth::yes : Truth::no;
  for (std::size_t child = index + 1; child < nodes_[index].end; child = nodes_[child].end) {
    const Truth one = evaluate(child, evidence);
    if (one == deciding) return deciding;
    if (one == Truth::unknown) result = Truth::unknown;
  }
  return result;
}

Truth SearchPlan::needle_found(std::size_t number, const SearchEvidence& evidence) const {
  if (evidence.indexed_needles) {
    const IndexedNeedle& indexed = evidence.indexed_needles[number];
    if (indexed.found) return Truth::yes;
    if (indexed.open == 0) return Truth::no;
  }
  if (evidence.found && (*evidence.found)[number]) return Truth::yes;
  if (evidence.octets_complete) return Truth::no;
  const Needle& needle = needles_[number];
  if (needle.kind != SearchKind::header || !evidence.structure) return Truth::unknown;
  bool found = false;
  each_field_text(*evidence.structure, needle.field, [&found, &needle](std::string_view text) {
    found = contains(text, needle.folded);
    return !found;
  });
  if (found) return Truth::yes;
  const bool all_here = evidence.structure->list_headers_complete && mime::is_list_header(needle.field);
  return all_here ? Truth::no : Truth::unknown;
}

}  // namespace postern
