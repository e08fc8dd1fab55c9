#include "storage/search_text.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mime/charset.h"
#include "storage/mime/decode.h"
#include "storage/mime/fold.h"
#include "storage/mime/header.h"
#include "storage/mime/html_text.h"
#include "storage/mime/transfer_encoding.h"

namespace postern {

// A text part on its way from octets to folded text, with what may be the start of a match kept from piece to
// piece. Folding goes character by character, so a piece that ends between two folds alike.
class TextScan::TextPart {
 public:
  TextPart(const mime::Part& part, std::size_t needle_octets_max)
      : transfer_(mime::transfer_encoding_from(part.encoding).value_or(mime::TransferEncoding::identity)),
        charset_(mime::find_charset(charset_of(part))),
        is_html_(part.subtype == "html"),
        kept_max_(needle_octets_max > 0 ? needle_octets_max - 1 : 0) {}

  void feed(std::string_view octets, const SearchPlan& plan, std::vector<bool>& found) {
    std::string decoded;
    transfer_.feed(octets, decoded);
    to_text(decoded, plan, found);
  }

  void finish(const SearchPlan& plan, std::vector<bool>& found) {
    std::string decoded;
    transfer_.finish(decoded);
    std::string utf8;
    charset_.feed(decoded, utf8);
    charset_.finish(utf8);
    std::string visible;
    if (is_html_) {
      html_.feed(utf8, visible);
      html_.finish(visible);
    }
    look(is_html_ ? visible : utf8, plan, found);
  }

 private:
  static std::string_view charset_of(const mime::Part& part) {
    const std::string_view name = part.parameter("charset");
    return name.empty() ? std::string_view("utf-8") : name;  // mail without one is ASCII or UTF-8 today
  }

  void to_text(std::string_view decoded, const SearchPlan& plan, std::vector<bool>& found) {
    std::string utf8;
    charset_.feed(decoded, utf8);
    if (!is_html_) return look(utf8, plan, found);
    std::string visible;
    html_.feed(utf8, visible);
    look(visible, plan, found);
  }

  void look(std::string_view utf8, const SearchPlan& plan, std::vector<bool>& found) {
    window_ += mime::fold(utf8);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto& needle = plan.needles()[i];
      if (needle.kind == SearchKind::header || found[i]) continue;
      found[i] = window_.find(needle.folded) != std::string::npos;
    }
    if (window_.size() > kept_max_) window_.erase(0, window_.size() - kept_max_);
  }

  mime::TransferDecoder transfer_;
  mime::CharsetDecoder charset_;
  mime::HtmlText html_;
  const bool is_html_;
  const std::size_t kept_max_;
  std::string window_;
};

TextScan::TextScan(const SearchPlan& plan, const mime::Structure& structure)
    : plan_(plan), found_(plan.needles().size()) {
  collect(structure.root, true, plan.asks_bodies());
}

TextScan::~TextScan() = default;

// The structure is at most mime::kDepthMax deep.
void TextScan::collect(const mime::Part& part, bool top, bool bodies) {
  pieces_.push_back(Piece{&part, true, top});
  if (!bodies) return;
  if (part.type == "text" && part.children.empty()) pieces_.push_back(Piece{&part, false, false});
  for (const mime::Part& child : part.children) collect(child, false, bodies);
}

bool TextScan::next() {
  if (at_ > 0) end_piece();
  if (at_ == pieces_.size()) return false;
  const Piece& piece = pieces_[at_++];
  if (!piece.header) {
    std::size_t longest = 0;
    for (const auto& needle : plan_.needles()) longest = std::max(longest, needle.folded.size());
    text_ = std::make_unique<TextPart>(*piece.part, longest);
  }
  return true;
}

mime::OctetRange TextScan::range() const {
  const Piece& piece = pieces_[at_ - 1];
  return piece.header ? piece.part->header : piece.part->body;
}

void TextScan::feed(std::string_view octets) {
  if (text_) return text_->feed(octets, plan_, found_);
  // What is beyond the bound of any parsed header is not looked at.
  header_.append(octets.substr(0, mime::kHeaderOctetsMax - std::min(mime::kHeaderOctetsMax, header_.size())));
}

void TextScan::end_piece() {
  if (text_) {
    text_->finish(plan_, found_);
    text_.reset();
    return;
  }
  search_header(pieces_[at_ - 1]);
  header_.clear();
}

// TEXT means every header, BODY what an embedded message brings with it, a field's name the message's own.
void TextScan::search_header(const Piece& piece) {
  for (const mime::Field& field : mime::HeaderView(header_)) {
    const std::string folded = mime::fold(mime::decode_text(mime::unfold(field.raw), std::string::npos));
    for (std::size_t i = 0; i < found_.size(); ++i) {
      const auto& needle = plan_.needles()[i];
      if (found_[i]) continue;
      if (needle.kind == SearchKind::header) {
        found_[i] =
            piece.top && text::same(field.name, needle.field) && field_contains(field.body, needle.folded);
      } else if (needle.kind == SearchKind::text || !piece.top) {
        found_[i] = folded.find(needle.folded) != std::string::npos;
      }
    }
  }
}

}  // namespace postern
