// TextScan: looks for a plan's needles in the octets of one message, while a walk goes through them.
#pragma once

#include "storage/search_plan.h"
#include "storage/search_walk.h"

namespace postern {

class TextScan final : private TextListener {
 public:
  // Both must outlive the scan.
  TextScan(const SearchPlan& plan, const mime::Structure& structure);

  MessageWalk& walk() { return walk_; }
  // By needle: seen so far.
  const std::vector<bool>& found() const { return found_; }

 private:
  bool wants(const mime::Field& field, bool top) override;
  void field(const mime::Field& field, std::string_view folded, bool top) override;
  // TEXT means every header, BODY what an embedded message brings with it, a field's name the message's own.
  bool concerns(std::size_t needle, const mime::Field& field, bool top) const;
  void text(std::string_view folded) override;
  void end_of_text() override { window_.clear(); }

  const SearchPlan& plan_;
  std::vector<bool> found_;
  std::size_t kept_max_ = 0;
  std::string window_;  // what may be the start of a match, and the piece behind it
  MessageWalk walk_;
};

}  // namespace postern
