#include "storage/search_slice.h"

#include <string.h>
#include <zstd.h>

#include <algorithm>
#include <utility>

#include "storage/mime/octet_coding.h"

namespace postern {

namespace {

constexpr char kPlain = 0;
constexpr char kZstd = 1;
constexpr int kZstdLevel = 3;
constexpr int kZstdLevelSmallKinds = -1;  // a fifth longer, and read in half the time
constexpr std::size_t kWorthTryingOctetsMin = 128;
constexpr std::size_t kSliceOctetsMax = kSliceOctets + kRecordOctetsMax + 16;

// A bit for two octets of text: about a third of them is set. Grams and the row's other columns stay under
// half a database page, so that they are read without what they filter.
constexpr std::size_t kTextOctetsPerGramOctet = 16;
constexpr std::size_t kGramsOctetsMin = 16;
constexpr std::size_t kGramsOctetsMax = kSliceOctets / kTextOctetsPerGramOctet;

std::uint32_t gram_at(const char* octets) {
  std::uint32_t gram = 0;
  memcpy(&gram, octets, sizeof gram);
  return gram;
}

// The high bits of a product by an odd number are mixed best (Knuth, multiplicative hashing).
std::size_t bit_of(std::uint32_t gram, std::size_t bits) {
  const std::uint64_t mixed = (gram * std::uint64_t{0x9E3779B97F4A7C15}) >> 32;
  return static_cast<std::size_t>((mixed * bits) >> 32);
}

std::string pack(std::string_view records, int level) {
  if (records.size() >= kWorthTryingOctetsMin) {
    std::string packed(1 + ZSTD_compressBound(records.size()), kZstd);
    const std::size_t size =
        ZSTD_compress(packed.data() + 1, packed.size() - 1, records.data(), records.size(), level);
    if (ZSTD_isError(size) == 0 && size < records.size()) {
      packed.resize(1 + size);
      packed.shrink_to_fit();
      return packed;
    }
  }
  return kPlain + std::string(records);
}

Error damaged() {
  return Error(ErrorKind::internal, "a slice of the text index is damaged");
}

}  // namespace

std::string encode_uids(const PageUids& uids) {
  std::string octets(kPageUids / 8, '\0');
  for (std::size_t i = 0; i < kPageUids; ++i) {
    if (uids[i]) octets[i / 8] = static_cast<char>(octets[i / 8] | 1 << i % 8);
  }
  return octets;
}

Result<PageUids> decode_uids(std::string_view octets) {
  if (octets.size() != kPageUids / 8) return damaged();
  PageUids uids;
  for (std::size_t i = 0; i < kPageUids; ++i) uids[i] = (octets[i / 8] >> i % 8 & 1) != 0;
  return uids;
}

void SliceWriter::add(Uid uid, std::string_view record) {
  mime::OctetWriter length;
  length.number(record.size());
  records_ += length.take();
  records_ += record;
  uids_.set(raw(uid) % kPageUids);
  if (records_.size() >= kSliceOctets) close();
}

void SliceWriter::close() {
  IndexSlice slice;
  slice.kind = kind_;
  slice.page = page_;
  slice.number = static_cast<std::uint16_t>(slices_.size());
  slice.uids = uids_;
  const bool large = (bit(kind_) & kLargeKinds) != 0;
  if (large) slice.grams = grams_of(records_);
  slice.packed = pack(records_, large ? kZstdLevel : kZstdLevelSmallKinds);
  packed_octets_ += slice.packed.size();
  slices_.push_back(std::move(slice));
  uids_.reset();
  records_.clear();
}

std::vector<IndexSlice> SliceWriter::take() {
  if (uids_.any()) close();
  return std::exchange(slices_, {});
}

SliceReader::SliceReader() : context_(ZSTD_createDCtx()) {}
SliceReader::~SliceReader() {
  ZSTD_freeDCtx(context_);
}

Result<void> SliceReader::open(const IndexSlice& slice) {
  if (slice.packed.empty()) return damaged();
  const std::string_view packed = std::string_view(slice.packed).substr(1);
  unsigned long long size = packed.size();
  if (slice.packed.front() == kZstd) size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size > kSliceOctetsMax) return damaged();  // also if there is no size
  size_ = static_cast<std::size_t>(size);
  if (records_.size() < size_) records_.resize(size_);
  if (slice.packed.front() == kPlain) {
    packed.copy(records_.data(), size_);
  } else if (slice.packed.front() != kZstd ||
             ZSTD_decompressDCtx(context_, records_.data(), size_, packed.data(), packed.size()) != size_) {
    return damaged();
  }
  page_ = slice.page;
  uids_ = slice.uids;
  at_ = UINT32_MAX;
  begin_ = end_ = 0;
  return {};
}

bool SliceReader::next() {
  for (++at_; at_ < kPageUids && !uids_[at_];) ++at_;
  if (at_ >= kPageUids) return false;
  mime::OctetReader in(records().substr(end_));
  const std::string_view record = in.octets(in.number());
  if (!in.ok()) return false;
  begin_ = static_cast<std::size_t>(record.data() - records_.data());
  end_ = begin_ + record.size();
  return true;
}

// Days before 1970 wrap around.
std::string encode_facts(const IndexedFacts& facts) {
  const auto number = [](std::chrono::sys_days day) {
    return static_cast<std::uint32_t>(day.time_since_epoch().count());
  };
  mime::OctetWriter out;
  out.number(facts.size);
  out.number(number(facts.internal_day));
  out.number(facts.sent_day ? std::uint64_t{number(*facts.sent_day)} + 1 : 0);
  return out.take();
}

Result<IndexedFacts> decode_facts(std::string_view record) {
  const auto day = [](std::uint64_t number) {
    return std::chrono::sys_days(std::chrono::days(static_cast<std::int32_t>(number)));
  };
  mime::OctetReader in(record);
  IndexedFacts facts;
  facts.size = in.number();
  facts.internal_day = day(in.number());
  const std::uint64_t sent = in.number();
  if (sent > 0) facts.sent_day = day(sent - 1);
  if (!in.finished()) return damaged();
  return facts;
}

std::string grams_of(std::string_view text) {
  const std::size_t octets =
      std::clamp(text.size() / kTextOctetsPerGramOctet, kGramsOctetsMin, kGramsOctetsMax);
  std::string grams(octets, '\0');
  for (std::size_t i = 0; i + kGramOctets <= text.size(); ++i) {
    const std::size_t at = bit_of(gram_at(text.data() + i), octets * 8);
    grams[at / 8] = static_cast<char>(grams[at / 8] | 1 << at % 8);
  }
  return grams;
}

bool may_contain(std::string_view grams, std::string_view needle) {
  if (grams.empty()) return true;
  for (std::size_t i = 0; i + kGramOctets <= needle.size(); ++i) {
    const std::size_t at = bit_of(gram_at(needle.data() + i), grams.size() * 8);
    if ((grams[at / 8] >> at % 8 & 1) == 0) return false;
  }
  return true;
}

bool contains(std::string_view text, std::string_view needle) {
  return needle.empty() || memmem(text.data(), text.size(), needle.data(), needle.size()) != nullptr;
}

}  // namespace postern
