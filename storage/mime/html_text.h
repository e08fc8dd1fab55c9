// The text of an HTML body, streaming and without a tree: tags and comments dropped, script and style
// skipped, character references decoded, white space collapsed, a line per block. For searching and previews;
// it does not render, and what it lets through is text, never markup to be trusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace postern::mime {

class HtmlText {
 public:
  // UTF-8 in and out, in pieces of any size; the whole output is never longer than the whole input.
  void feed(std::string_view html, std::string& out);
  void finish(std::string& out);

 private:
  enum class In : std::uint8_t {
    text,
    reference,
    tag_start,
    tag_name,
    tag,
    quoted,
    declaration,
    comment,
    raw
  };
  void take(char c, std::string& out);
  void take_text(char c, std::string& out);
  void take_reference(char c, std::string& out);
  void take_tag_start(char c, std::string& out);
  void take_tag(char c);
  void take_declaration(char c);
  void take_comment(char c);
  void take_raw(char c);
  // False if what is held was no reference: it has then been printed as it stood.
  bool end_reference(std::string& out);
  void end_tag_name(char c);
  void print(char c, std::string& out);

  In in_ = In::text;
  std::string held_;          // a reference, a tag's name or a declaration's start
  std::string_view raw_end_;  // what ends the element whose content is skipped; empty outside
  std::size_t matched_ = 0;   // octets of raw_end_, or dashes of "-->", in a row
  char quote_ = 0;
  bool begun_ = false;  // something has been printed
  char blank_ = 0;      // ' ' or '\n', owed in front of what is printed next
};

// At most octets_max octets, cut at a character.
std::string html_to_text(std::string_view html, std::size_t octets_max);

}  // namespace postern::mime
