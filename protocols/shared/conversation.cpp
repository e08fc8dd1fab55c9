#include "protocols/shared/conversation.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/shared/digest.h"
#include "storage/mime/decode.h"
#include "storage/mime/header.h"

namespace postern {

namespace {

constexpr std::size_t kConversationIdOctets = 16;

// The first "<id>" of a field, with its brackets; empty if there is none.
std::string_view first_id(std::string_view value) {
  const std::size_t begin = value.find('<');
  if (begin == std::string_view::npos) return {};
  const std::size_t end = value.find('>', begin);
  return end == std::string_view::npos ? std::string_view() : value.substr(begin, end - begin + 1);
}

std::string references(const mime::Structure& structure) {
  for (const mime::ListHeader& field : structure.list_headers) {
    if (!text::same(field.name, "References")) continue;
    const std::size_t colon = field.raw.find(':');
    return mime::unfold(std::string_view(field.raw).substr(colon + 1));
  }
  return {};
}

std::string thread_root(const mime::Structure& structure) {
  const mime::Envelope& envelope = structure.envelope;
  std::string id(first_id(references(structure)));
  if (id.empty() && envelope.in_reply_to) id = first_id(*envelope.in_reply_to);
  if (id.empty() && envelope.message_id) id = first_id(*envelope.message_id);
  return id;
}

// "Re:" and its like, with a count in brackets as some programs write it. 0: none.
std::size_t prefix_octets(std::string_view subject) {
  constexpr std::string_view kPrefixes[] = {"re", "fw",   "fwd", "aw", "wg", "sv",
                                            "vs", "antw", "tr",  "rv", "odp"};
  for (const std::string_view prefix : kPrefixes) {
    if (!text::starts_with_same(subject, prefix)) continue;
    std::string_view rest = subject.substr(prefix.size());
    if (rest.starts_with('[')) rest.remove_prefix(std::min(rest.find(']'), rest.size() - 1) + 1);
    if (rest.starts_with(':')) return subject.size() - rest.size() + 1;
  }
  return 0;
}

std::string topic_of(const mime::Structure& structure) {
  return thread_topic(mime::decode_text(structure.envelope.subject.value_or("")));
}

}  // namespace

std::string thread_topic(std::string_view subject) {
  subject = text::trim(subject);
  while (const std::size_t octets = prefix_octets(subject)) subject = text::trim(subject.substr(octets));
  return std::string(subject);
}

SearchCriteria conversation_criteria(const mime::Structure& structure) {
  SearchCriteria criteria;
  const std::string root = thread_root(structure);
  if (root.empty()) {
    criteria.kind = SearchKind::subject;
    criteria.text = topic_of(structure);
    return criteria;
  }
  criteria.kind = SearchKind::disjunction;
  for (const char* field : {"Message-ID", "In-Reply-To", "References"}) {
    SearchKey key;
    key.kind = SearchKind::header;
    key.field = field;
    key.text = root;
    criteria.children.push_back(std::move(key));
  }
  return criteria;
}

std::string conversation_id(const mime::Structure& structure) {
  std::string root = thread_root(structure);
  if (root.empty()) root = topic_of(structure);
  return sha256(root).substr(0, kConversationIdOctets);
}

std::string conversation_index(const mime::Structure& structure, WallTime sent) {
  // FILETIME counts 100 ns from 1601; its bits 16 to 55 go in.
  constexpr std::uint64_t kEpoch1601_s = 11'644'473'600;
  const auto since_1970 = std::chrono::duration_cast<std::chrono::microseconds>(sent.time_since_epoch());
  const std::uint64_t filetime =
      (static_cast<std::uint64_t>(since_1970.count()) + kEpoch1601_s * 1'000'000) * 10;
  std::string index;
  for (int shift = 48; shift >= 16; shift -= 8) index += static_cast<char>(filetime >> shift & 0xFF);
  // How long after the thread began nobody knows here: a level that says "at once".
  const bool is_reply = structure.envelope.in_reply_to || !references(structure).empty();
  if (is_reply) index += std::string(5, '\0');
  return index;
}

}  // namespace postern
