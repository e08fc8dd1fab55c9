// MessageWalk: goes through what a message says, while its octets are read range by range: headers field by
// field and decoded, text parts decoded and without markup, all of it folded. Search and the text index both
// stand on this walk, so they see the same texts.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/mime/header.h"
#include "storage/mime/part.h"

namespace postern {

// Hears what a walk comes by. Views live until the call returns.
class TextListener {
 public:
  virtual ~TextListener() = default;
  // Whether a field is worth being decoded. top: of the message's own header.
  virtual bool wants(const mime::Field& field, bool top) = 0;
  // `folded` is the whole field, decoded.
  virtual void field(const mime::Field& field, std::string_view folded, bool top) = 0;
  // A text part, in pieces of any size, each of whole characters; then its end.
  virtual void text(std::string_view folded) = 0;
  virtual void end_of_text() = 0;
};

enum class WalkDepth {
  top_header,  // the message's own
  everything,  // and every part's header and text
};

class MessageWalk {
 public:
  // All must outlive the walk.
  MessageWalk(const mime::Structure& structure, WalkDepth depth, TextListener& listener);
  ~MessageWalk();

  // What to read next: feed() all octets of it, then call next(). False: everything has been seen.
  bool next();
  mime::OctetRange range() const;
  void feed(std::string_view octets);

 private:
  struct Piece {
    const mime::Part* part = nullptr;
    bool header = false;
    bool top = false;  // the message's own header
  };
  class TextPart;

  void collect(const mime::Part& part, bool top, WalkDepth depth);
  void end_piece();

  TextListener& listener_;
  std::vector<Piece> pieces_;
  std::size_t at_ = 0;  // one beyond the piece being read
  std::string header_;
  std::unique_ptr<TextPart> text_;
};

// A field's folded text with its name and colon in front, as a walk gives it, taken apart again. Name empty:
// it has none.
struct FoldedField {
  std::string_view name;
  std::string_view value;
};
FoldedField split_field(std::string_view folded);

// What a header field says when it is asked for by name, folded. `body` is what follows the colon.
std::string folded_value(std::string_view body);

}  // namespace postern
