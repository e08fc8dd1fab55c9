// TextScan: looks for a plan's needles in the octets of one message, while they are read range by range:
// headers field by field and decoded, text parts decoded, without markup, in pieces of any size.
#pragma once

#include <memory>

#include "storage/search_plan.h"

namespace postern {

class TextScan {
 public:
  // Both must outlive the scan.
  TextScan(const SearchPlan& plan, const mime::Structure& structure);
  ~TextScan();

  // What to read next: feed() all octets of it, then call next(). False: everything has been seen.
  bool next();
  mime::OctetRange range() const;
  void feed(std::string_view octets);

  const std::vector<bool>& found() const { return found_; }

 private:
  struct Piece {
    const mime::Part* part = nullptr;
    bool header = false;
    bool top = false;  // the message's own header
  };
  class TextPart;

  void collect(const mime::Part& part, bool top, bool bodies);
  void end_piece();
  void search_header(const Piece& piece);

  const SearchPlan& plan_;
  std::vector<Piece> pieces_;
  std::size_t at_ = 0;  // one beyond the piece being read
  std::string header_;
  std::unique_ptr<TextPart> text_;
  std::vector<bool> found_;
};

}  // namespace postern
