// The readable text of a text part: transfer encoding and charset undone, HTML reduced to its text. What
// SEARCH BODY and TEXT look through and previews are cut from.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "storage/mime/charset.h"
#include "storage/mime/html_text.h"
#include "storage/mime/part.h"
#include "storage/mime/transfer_encoding.h"

namespace postern::mime {

class TextBody {
 public:
  // `part` is only looked at here. A part that is not text, or whose encoding is unknown, yields no text.
  TextBody(const Part& part, std::size_t octets_max);

  // The part's body octets as they are in the message, in pieces of any size.
  void feed(std::string_view octets);
  // Nothing more will be added: octets_max is reached, or there is no text here.
  bool full() const { return ended_ || text_.size() >= octets_max_; }
  // Once. Well-formed UTF-8, at most octets_max octets.
  std::string finish();

 private:
  void take_decoded(std::string_view octets);

  std::size_t octets_max_;
  bool ended_ = false;
  TransferDecoder transfer_;
  CharsetDecoder charset_;
  std::optional<HtmlText> html_;
  std::string text_;
};

// All at once.
std::string text_of(const Part& part, std::string_view body, std::size_t octets_max);

}  // namespace postern::mime
