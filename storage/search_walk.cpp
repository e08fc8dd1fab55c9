#include "storage/search_walk.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mime/charset.h"
#include "storage/mime/decode.h"
#include "storage/mime/fold.h"
#include "storage/mime/html_text.h"
#include "storage/mime/transfer_encoding.h"

namespace postern {

// A text part on its way from octets to folded text. Folding goes character by character, so a piece that
// ends between two folds alike.
class MessageWalk::TextPart {
 public:
  explicit TextPart(const mime::Part& part)
      : transfer_(mime::transfer_encoding_from(part.encoding).value_or(mime::TransferEncoding::identity)),
        charset_(mime::find_charset(charset_of(part))),
        is_html_(part.subtype == "html") {}

  void feed(std::string_view octets, TextListener& listener) {
    decoded_.clear();
    transfer_.feed(octets, decoded_);
    utf8_.clear();
    charset_.feed(decoded_, utf8_);
    if (is_html_) {
      visible_.clear();
      html_.feed(utf8_, visible_);
    }
    listener.text(mime::fold(is_html_ ? visible_ : utf8_));
  }

  void finish(TextListener& listener) {
    decoded_.clear();
    transfer_.finish(decoded_);
    utf8_.clear();
    charset_.feed(decoded_, utf8_);
    charset_.finish(utf8_);
    if (is_html_) {
      visible_.clear();
      html_.feed(utf8_, visible_);
      html_.finish(visible_);
    }
    listener.text(mime::fold(is_html_ ? visible_ : utf8_));
    listener.end_of_text();
  }

 private:
  static std::string_view charset_of(const mime::Part& part) {
    const std::string_view name = part.parameter("charset");
    return name.empty() ? std::string_view("utf-8") : name;  // mail without one is ASCII or UTF-8 today
  }

  mime::TransferDecoder transfer_;
  mime::CharsetDecoder charset_;
  mime::HtmlText html_;
  const bool is_html_;
  std::string decoded_, utf8_, visible_;  // of one piece; kept for their room
};

MessageWalk::MessageWalk(const mime::Structure& structure, WalkDepth depth, TextListener& listener)
    : listener_(listener) {
  collect(structure.root, true, depth);
}

MessageWalk::~MessageWalk() = default;

// The structure is at most mime::kDepthMax deep.
void MessageWalk::collect(const mime::Part& part, bool top, WalkDepth depth) {
  pieces_.push_back(Piece{&part, true, top});
  if (depth == WalkDepth::top_header) return;
  if (part.type == "text" && part.children.empty()) pieces_.push_back(Piece{&part, false, false});
  for (const mime::Part& child : part.children) collect(child, false, depth);
}

bool MessageWalk::next() {
  if (at_ > 0) end_piece();
  if (at_ == pieces_.size()) return false;
  const Piece& piece = pieces_[at_++];
  if (!piece.header) text_ = std::make_unique<TextPart>(*piece.part);
  return true;
}

mime::OctetRange MessageWalk::range() const {
  const Piece& piece = pieces_[at_ - 1];
  return piece.header ? piece.part->header : piece.part->body;
}

void MessageWalk::feed(std::string_view octets) {
  if (text_) return text_->feed(octets, listener_);
  // What is beyond the bound of any parsed header is not looked at.
  header_.append(octets.substr(0, mime::kHeaderOctetsMax - std::min(mime::kHeaderOctetsMax, header_.size())));
}

void MessageWalk::end_piece() {
  if (text_) {
    text_->finish(listener_);
    text_.reset();
    return;
  }
  const bool top = pieces_[at_ - 1].top;
  for (const mime::Field& field : mime::HeaderView(header_)) {
    if (listener_.wants(field, top)) listener_.field(field, folded_value(field.raw), top);
  }
  header_.clear();
}

FoldedField split_field(std::string_view folded) {
  FoldedField field;
  field.name = mime::field_name(folded);
  if (!field.name.empty()) field.value = text::trim(folded.substr(folded.find(':') + 1));
  return field;
}

std::string folded_value(std::string_view body) {
  return mime::fold(mime::decode_text(mime::unfold(body), std::string::npos));
}

}  // namespace postern
