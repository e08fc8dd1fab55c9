#include "storage/backup/blob_table.h"

#include <algorithm>

namespace postern::backup {

void BlobTable::add(BlobId blob, const std::string& pack) {
  if (find(blob) != nullptr) return;
  const auto [known, is_new] = numbers_.try_emplace(pack, static_cast<std::uint32_t>(names_.size()));
  if (is_new) names_.push_back(pack);
  if (sorted_.empty() || sorted_.back().blob < blob) {
    sorted_.push_back(Entry{blob, known->second});
    return;
  }
  gathered_.emplace(blob, known->second);
  if (gathered_.size() == kGatheredMax) merge();
}

const std::string* BlobTable::find(BlobId blob) const {
  if (const auto found = gathered_.find(blob); found != gathered_.end()) return &names_[found->second];
  const auto at = std::lower_bound(sorted_.begin(), sorted_.end(), blob,
                                   [](const Entry& entry, BlobId wanted) { return entry.blob < wanted; });
  return at == sorted_.end() || at->blob != blob ? nullptr : &names_[at->pack];
}

void BlobTable::clear() {
  *this = BlobTable();
}

void BlobTable::merge() {
  const auto middle = static_cast<std::ptrdiff_t>(sorted_.size());
  for (const auto& [blob, pack] : gathered_) sorted_.push_back(Entry{blob, pack});
  gathered_.clear();
  std::inplace_merge(sorted_.begin(), sorted_.begin() + middle, sorted_.end(),
                     [](const Entry& a, const Entry& b) { return a.blob < b.blob; });
}

}  // namespace postern::backup
