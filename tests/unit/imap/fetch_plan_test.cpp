#include "protocols/imap/fetch_plan.h"

#include <gtest/gtest.h>

namespace postern::imap {
namespace {

FetchItem item(FetchKind kind, Section section = {}, bool peek = false) {
  FetchItem made;
  made.kind = kind;
  made.section = std::move(section);
  made.peek = peek;
  return made;
}

FetchPlan plan(std::vector<FetchItem> items, bool uid = false,
               std::optional<ModSeq> changed_since = std::nullopt) {
  Fetch fetch;
  fetch.items = std::move(items);
  fetch.uid = uid;
  fetch.changed_since = changed_since;
  return FetchPlan(fetch);
}

TEST(FetchPlan, FlagsNeedNoStore) {
  EXPECT_FALSE(plan({item(FetchKind::flags), item(FetchKind::uid), item(FetchKind::modseq)}).facts);
}

TEST(FetchPlan, TheWholeMessageNeedsNoStructure) {
  const FetchPlan whole = plan({item(FetchKind::section)});
  EXPECT_EQ(whole.depth, FetchDepth::facts);
  EXPECT_TRUE(whole.marks_seen);
  Section text;
  text.kind = SectionKind::text;
  EXPECT_EQ(plan({item(FetchKind::section, text, true)}).depth, FetchDepth::structure);
  EXPECT_FALSE(plan({item(FetchKind::section, text, true)}).marks_seen);
}

TEST(FetchPlan, UidAndModSeqAreAddedWhereTheyAreImplied) {
  EXPECT_EQ(plan({item(FetchKind::flags)}, true).items.size(), 2u);
  EXPECT_EQ(plan({item(FetchKind::uid)}, true).items.size(), 1u);
  EXPECT_EQ(plan({item(FetchKind::flags)}, true, ModSeq{4}).items.size(), 3u);
  EXPECT_EQ(plan({item(FetchKind::modseq)}, false, ModSeq{4}).items.size(), 1u);
}

TEST(FetchPlan, CutsNeverWrap) {
  constexpr std::uint64_t kMost = INT64_MAX;
  const mime::OctetRange range{100, 200};
  const auto cut_to = [&](std::uint64_t origin, std::uint64_t octets) {
    return cut(Partial{origin, octets}, range);
  };
  EXPECT_EQ(cut(std::nullopt, range), range);
  EXPECT_EQ(cut_to(0, 10), (mime::OctetRange{100, 110}));
  EXPECT_EQ(cut_to(95, 10), (mime::OctetRange{195, 200}));
  EXPECT_EQ(cut_to(99, 1), (mime::OctetRange{199, 200}));
  EXPECT_EQ(cut_to(100, 1).size(), 0u);
  EXPECT_EQ(cut_to(kMost, kMost).size(), 0u);
  EXPECT_EQ(cut_to(0, kMost), range);
}

// The only item of a FETCH of that section.
PlannedItem planned(Section section) {
  return plan({item(FetchKind::section, std::move(section), true)}).items.at(0);
}

TEST(FetchPlan, KeptFieldsAnswerOnlyWhatTheyHold) {
  mime::ListHeaders headers;
  headers.fields = {{"From", "From: kim\r\n"}, {"Subject", "Subject: hi\r\n"}};
  Section section;
  section.kind = SectionKind::header_fields;
  section.fields = {"SUBJECT"};
  EXPECT_EQ(kept_fields(planned(section), headers), "Subject: hi\r\n\r\n");
  section.fields = {"Subject", "X-Other"};
  EXPECT_EQ(kept_fields(planned(section), headers), std::nullopt);
  section.fields = {"Subject"};
  headers.complete = false;
  EXPECT_EQ(kept_fields(planned(section), headers), std::nullopt);
  headers.complete = true;
  section.kind = SectionKind::header_fields_not;
  EXPECT_EQ(kept_fields(planned(section), headers), std::nullopt);
  section.kind = SectionKind::header_fields;
  section.part = {1};
  EXPECT_EQ(kept_fields(planned(section), headers), std::nullopt);
}

TEST(FetchPlan, OnlyWhatIsAskedForIsDecoded) {
  Section fields;
  fields.kind = SectionKind::header_fields;
  fields.fields = {"Subject", "From"};
  const FetchPlan list = plan({item(FetchKind::section, fields, true), item(FetchKind::rfc822_size)});
  EXPECT_TRUE(list.list_headers && list.facts);
  EXPECT_FALSE(list.envelope || list.parts || list.octets);
  const FetchPlan envelope = plan({item(FetchKind::envelope)});
  EXPECT_TRUE(envelope.envelope);
  EXPECT_FALSE(envelope.parts || envelope.list_headers || envelope.octets);
  fields.fields = {"X-Other"};
  const FetchPlan other = plan({item(FetchKind::section, fields, true)});
  EXPECT_TRUE(other.parts && other.octets);
  EXPECT_FALSE(other.list_headers || other.envelope);
}

}  // namespace
}  // namespace postern::imap
