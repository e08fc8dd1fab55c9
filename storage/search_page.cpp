#include "storage/search_page.h"

#include "gateway/base/text.h"
#include "storage/search_plan.h"

namespace postern {

namespace {

// Whether the folded field still tells the name and the value that a scan compares. An encoded-word in a name
// or at the start of a value may hide them.
bool is_plain(const mime::Field& field, std::string_view folded) {
  const FoldedField split = split_field(folded);
  return split.name == text::to_lower(field.name) &&
         (field.name.empty() || split.value == folded_value(field.body));
}

}  // namespace

void MessageTexts::note(std::optional<std::string>& record, std::string_view folded, bool ends) {
  if (!record) return;
  if (record->size() + folded.size() >= kRecordOctetsMax) return record.reset();
  *record += folded;
  if (ends) *record += kTextEnd;
}

void MessageTexts::field(const mime::Field& field, std::string_view folded, bool top) {
  if (top && !is_plain(field, folded)) header_.reset();
  note(top ? header_ : body_, folded, true);
}

void MessageTexts::text(std::string_view folded) {
  note(body_, folded, false);
}

PageTexts::PageTexts(std::uint32_t page) {
  for (unsigned kind = 1; kind <= static_cast<unsigned>(kSliceKindMax); ++kind) {
    writers_.emplace_back(static_cast<SliceKind>(kind), page);
  }
}

void PageTexts::add(const MessageFacts& facts, const mime::Structure& structure, const MessageTexts& texts) {
  IndexedFacts indexed;
  indexed.size = facts.size;
  indexed.internal_day = internal_day(facts);
  indexed.sent_day = sent_day(structure);
  writer(SliceKind::facts).add(facts.uid, encode_facts(indexed));
  add_large(SliceKind::body, facts.uid, texts.body());
  if (!structure.list_headers_complete) return;
  add_large(SliceKind::header, facts.uid, texts.header());
  for (const IndexedField& field : kIndexedFields) {
    std::string record;
    each_field_text(structure, field.name, [&record](std::string_view text) {
      record += text;
      record += kTextEnd;
      return true;
    });
    if (record.size() <= kRecordOctetsMax) writer(field.kind).add(facts.uid, record);
  }
}

void PageTexts::add_large(SliceKind kind, Uid uid, const std::optional<std::string>& record) {
  if (record && writer(kind).packed_octets() <= kPagePackedOctetsMax / 2) writer(kind).add(uid, *record);
}

std::vector<IndexSlice> PageTexts::take() {
  std::vector<IndexSlice> slices;
  for (SliceWriter& writer : writers_) {
    for (IndexSlice& slice : writer.take()) slices.push_back(std::move(slice));
  }
  return slices;
}

}  // namespace postern
