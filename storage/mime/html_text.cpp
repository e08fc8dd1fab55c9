// A state machine of nine states, fed octet by octet. It follows the tokenizer of the HTML standard (§13.2.5)
// where mail can tell the difference: quoted attributes, comments, script and style, "<" that begins no tag.
#include "storage/mime/html_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "gateway/base/text.h"
#include "storage/mime/charset.h"
#include "storage/mime/html_entities.h"
#include "storage/mime/octet_set.h"

namespace postern::mime {
namespace {

constexpr std::size_t kTagNameOctetsMax = 16;

constexpr std::array<std::string_view, 32> kBlocks{
    "p",       "br",     "div",     "tr",     "li",   "ul",    "ol",     "dl",   "dt",  "dd",  "table",
    "h1",      "h2",     "h3",      "h4",     "h5",   "h6",    "hr",     "pre",  "td",  "th",  "title",
    "article", "header", "section", "footer", "form", "aside", "figure", "main", "nav", "body"};

constexpr OctetSet kNotPlain("<& \t\r\n\f");

bool is_white(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

}  // namespace

void HtmlText::print(char c, std::string& out) {
  if (is_white(c)) {
    if (blank_ == 0) blank_ = ' ';
    return;
  }
  if (blank_ != 0 && begun_) out += blank_;
  blank_ = 0;
  begun_ = true;
  out += c;
}

void HtmlText::take_text(char c, std::string& out) {
  if (c == '<')
    in_ = In::tag_start;
  else if (c == '&')
    in_ = In::reference;
  else
    print(c, out);
}

bool HtmlText::end_reference(std::string& out) {
  in_ = In::text;
  const std::string name = std::exchange(held_, {});
  const std::optional<std::string> decoded = html_entity(name);
  const bool is_blank = decoded == "\u00a0";
  if (!decoded) print('&', out);
  for (const char octet : is_blank ? " " : decoded.value_or(name)) print(octet, out);
  return decoded.has_value();
}

// A semicolon, or any other octet that cannot be in a name, ends a reference.
void HtmlText::take_reference(char c, std::string& out) {
  const bool goes_on = text::is_alpha(c) || text::is_digit(c) || c == '#';
  if (goes_on && held_.size() < kEntityOctetsMax) {
    held_ += c;
    return;
  }
  const bool was_reference = end_reference(out);
  if (!was_reference || c != ';') take_text(c, out);
}

void HtmlText::take_tag_start(char c, std::string& out) {
  if (text::is_alpha(c) || c == '/') {
    in_ = In::tag_name;
    if (c != '/') held_ += text::lower(c);
  } else if (c == '!' || c == '?') {
    in_ = In::declaration;
  } else {
    in_ = In::text;
    print('<', out);
    take_text(c, out);
  }
}

void HtmlText::end_tag_name(char c) {
  const std::string name = std::exchange(held_, {});
  if (std::find(kBlocks.begin(), kBlocks.end(), name) != kBlocks.end()) blank_ = '\n';
  if (name == "script") raw_end_ = "</script";
  if (name == "style") raw_end_ = "</style";
  in_ = In::tag;
  take_tag(c);
}

void HtmlText::take_tag(char c) {
  if (c == '"' || c == '\'') {
    in_ = In::quoted;
    quote_ = c;
  } else if (c == '>') {
    in_ = raw_end_.empty() ? In::text : In::raw;
    matched_ = 0;
  }
}

void HtmlText::take_declaration(char c) {
  held_ += c;
  if (held_ == "--") {
    in_ = In::comment;
    matched_ = held_.size();
    held_.clear();
  } else if (c == '>') {
    in_ = In::text;
    held_.clear();
  } else if (held_.size() > 2) {
    held_.resize(2);
  }
}

void HtmlText::take_comment(char c) {
  if (c == '>' && matched_ >= 2)
    in_ = In::text;
  else
    matched_ = c == '-' ? matched_ + 1 : 0;
}

void HtmlText::take_raw(char c) {
  if (text::lower(c) == raw_end_[matched_])
    ++matched_;
  else
    matched_ = c == '<' ? 1 : 0;
  if (matched_ < raw_end_.size()) return;
  raw_end_ = {};
  in_ = In::tag;
}

void HtmlText::take(char c, std::string& out) {
  switch (in_) {
    case In::text: take_text(c, out); break;
    case In::reference: take_reference(c, out); break;
    case In::tag_start: take_tag_start(c, out); break;
    case In::tag_name:
      if (!is_white(c) && c != '>' && c != '/') {
        if (held_.size() <= kTagNameOctetsMax) held_ += text::lower(c);
      } else {
        end_tag_name(c);
      }
      break;
    case In::tag: take_tag(c); break;
    case In::quoted:
      if (c == quote_) in_ = In::tag;
      break;
    case In::declaration: take_declaration(c); break;
    case In::comment: take_comment(c); break;
    case In::raw: take_raw(c); break;
  }
}

void HtmlText::feed(std::string_view html, std::string& out) {
  while (!html.empty()) {
    take(html.front(), out);
    html.remove_prefix(1);
    if (in_ != In::text || blank_ != 0 || !begun_) continue;
    // What is neither markup nor white space passes as it is.
    const std::string_view plain = html.substr(0, kNotPlain.prefix_without(html));
    out += plain;
    html.remove_prefix(plain.size());
  }
}

void HtmlText::finish(std::string& out) {
  if (in_ == In::reference) end_reference(out);
  if (in_ == In::tag_start) print('<', out);
}

std::string html_to_text(std::string_view html, std::size_t octets_max) {
  constexpr std::size_t kSliceOctets = 4096;
  HtmlText text;
  std::string out;
  for (; !html.empty() && out.size() < octets_max; html.remove_prefix(std::min(kSliceOctets, html.size()))) {
    text.feed(html.substr(0, kSliceOctets), out);
  }
  text.finish(out);
  cut_utf8(out, octets_max);
  return out;
}

}  // namespace postern::mime
