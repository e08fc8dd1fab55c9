#include "storage/search_text.h"

#include <algorithm>

#include "gateway/base/text.h"

namespace postern {

TextScan::TextScan(const SearchPlan& plan, const mime::Structure& structure)
    : plan_(plan),
      found_(plan.needles().size()),
      walk_(structure, plan.asks_bodies() ? WalkDepth::everything : WalkDepth::top_header, *this) {
  for (const auto& needle : plan.needles()) kept_max_ = std::max(kept_max_, needle.folded.size());
  if (kept_max_ > 0) --kept_max_;
}

bool TextScan::concerns(std::size_t needle, const mime::Field& field, bool top) const {
  const auto& looked_for = plan_.needles()[needle];
  if (found_[needle]) return false;
  if (looked_for.kind == SearchKind::header) return top && text::same(field.name, looked_for.field);
  return looked_for.kind == SearchKind::text || !top;
}

bool TextScan::wants(const mime::Field& field, bool top) {
  for (std::size_t i = 0; i < found_.size(); ++i) {
    if (concerns(i, field, top)) return true;
  }
  return false;
}

void TextScan::field(const mime::Field& field, std::string_view folded, bool top) {
  for (std::size_t i = 0; i < found_.size(); ++i) {
    if (!concerns(i, field, top)) continue;
    const auto& needle = plan_.needles()[i];
    found_[i] = needle.kind == SearchKind::header ? contains(folded_value(field.body), needle.folded)
                                                  : contains(folded, needle.folded);
  }
}

void TextScan::text(std::string_view folded) {
  window_ += folded;
  for (std::size_t i = 0; i < found_.size(); ++i) {
    const auto& needle = plan_.needles()[i];
    if (needle.kind == SearchKind::header || found_[i]) continue;
    found_[i] = contains(window_, needle.folded);
  }
  if (window_.size() > kept_max_) window_.erase(0, window_.size() - kept_max_);
}

}  // namespace postern
