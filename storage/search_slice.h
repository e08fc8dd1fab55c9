// Slices of the text index: what the messages of one page (128 UIDs) say, folded, side by side in one packed
// row, so that a search reads a few rows and compares exactly, and no message. A slice tells which UIDs it
// speaks for; of all others it knows nothing. The only unit that knows the octets.
//
// Packed: 0 or 1, then the records or a zstd frame of them; a record per UID, ascending: its length in
// LEB128, its octets. A record is texts, each ended by kTextEnd, which no folded text holds.
#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "storage/model/ids.h"

struct ZSTD_DCtx_s;

namespace postern {

// What a slice is about. The numbers are stored; ascending is also from cheap to dear.
enum class SliceKind : std::uint8_t {
  facts = 1,  // dates and size: IndexedFacts
  from = 2,   // the field's texts: as they stand, and the names as people see them
  to = 3,
  cc = 4,
  bcc = 5,
  subject = 6,
  message_id = 7,
  header = 8,  // the message's own header, a text per field with its name
  body = 9,    // text parts; header fields of parts
};
constexpr SliceKind kSliceKindMax = SliceKind::body;

using SliceKinds = std::uint16_t;  // a bit for each
constexpr SliceKinds bit(SliceKind kind) {
  return static_cast<SliceKinds>(1u << static_cast<unsigned>(kind));
}
// Those whose rows are so large that their grams are asked first.
constexpr SliceKinds kLargeKinds = bit(SliceKind::header) | bit(SliceKind::body);

// The fields that have slices of their own.
struct IndexedField {
  SliceKind kind;
  std::string_view name;
};
constexpr std::array<IndexedField, 6> kIndexedFields{{{SliceKind::from, "From"},
                                                      {SliceKind::to, "To"},
                                                      {SliceKind::cc, "Cc"},
                                                      {SliceKind::bcc, "Bcc"},
                                                      {SliceKind::subject, "Subject"},
                                                      {SliceKind::message_id, "Message-ID"}}};

constexpr char kTextEnd = '\xff';

constexpr std::size_t kPageUids = 128;
using PageUids = std::bitset<kPageUids>;  // by the low bits of the UID

// A slice is closed at the first record that takes it to kSliceOctets or beyond.
constexpr std::size_t kSliceOctets = 56 * 1024;
// Longer ones are not indexed, and scanned for ever.
constexpr std::size_t kRecordOctetsMax = 1024 * 1024;

struct IndexSlice {
  SliceKind kind{};
  std::uint32_t page = 0;
  std::uint16_t number = 0;  // of the page's slices of this kind
  PageUids uids;
  std::string grams;   // large kinds only
  std::string packed;  // the records
};

std::string encode_uids(const PageUids& uids);
Result<PageUids> decode_uids(std::string_view octets);

class SliceWriter {
 public:
  SliceWriter(SliceKind kind, std::uint32_t page) : kind_(kind), page_(page) {}
  // UIDs ascend and are of the page; at most kRecordOctetsMax octets.
  void add(Uid uid, std::string_view record);
  // Of the slices that are closed.
  std::size_t packed_octets() const { return packed_octets_; }
  // What has been added since, packed.
  std::vector<IndexSlice> take();

 private:
  void close();

  const SliceKind kind_;
  const std::uint32_t page_;
  PageUids uids_;
  std::string records_;
  std::vector<IndexSlice> slices_;
  std::size_t packed_octets_ = 0;
};

// The records of slices, one slice after the other in the same memory.
class SliceReader {
 public:
  SliceReader();
  ~SliceReader();
  SliceReader(const SliceReader&) = delete;
  SliceReader& operator=(const SliceReader&) = delete;

  // internal: damaged.
  Result<void> open(const IndexSlice& slice);
  // All of them: what is not in here is in none.
  std::string_view records() const { return std::string_view(records_).substr(0, size_); }
  // To the next record. False: there are no more, or they are damaged.
  bool next();
  Uid uid() const { return Uid((page_ << 7) | at_); }
  std::string_view record() const { return records().substr(begin_, end_ - begin_); }

 private:
  ZSTD_DCtx_s* context_;
  std::string records_;  // grows only
  std::size_t size_ = 0;
  std::uint32_t page_ = 0;
  PageUids uids_;
  std::uint32_t at_ = UINT32_MAX;  // before the first
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

// A record of SliceKind::facts: what is decided without the message's rows.
struct IndexedFacts {
  std::uint64_t size = 0;
  std::chrono::sys_days internal_day{};             // in its own zone
  std::optional<std::chrono::sys_days> sent_day{};  // of Date, in its own zone
  friend bool operator==(const IndexedFacts&, const IndexedFacts&) = default;
};
std::string encode_facts(const IndexedFacts& facts);
Result<IndexedFacts> decode_facts(std::string_view record);

// Grams: a bit for each run of four octets that occurs, by hash. No false negatives.
constexpr std::size_t kGramOctets = 4;
std::string grams_of(std::string_view text);
bool may_contain(std::string_view grams, std::string_view needle);

// Whether the needle is there. What is empty is in everything.
bool contains(std::string_view text, std::string_view needle);

}  // namespace postern
