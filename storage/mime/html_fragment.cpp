#include "storage/mime/html_fragment.h"

#include <algorithm>

#include "gateway/base/text.h"

namespace postern::mime {

namespace {

constexpr std::size_t kMetaWithinOctets = 4096;
constexpr auto kNone = std::string_view::npos;

struct Tag {
  std::size_t begin = 0;
  std::size_t end = 0;  // behind its ">"
};

// The end of the tag that begins at `begin`, its quoted values skipped.
std::optional<std::size_t> end_of_tag(std::string_view html, std::size_t begin) {
  char quote = 0;
  const std::size_t last = std::min(html.size(), begin + kHtmlTagOctetsMax);
  for (std::size_t at = begin; at < last; ++at) {
    const char c = html[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at + 1;
    }
  }
  return std::nullopt;
}

// `start`: "<body" or "</body", in lower case.
bool begins_tag(std::string_view html, std::size_t at, std::string_view start) {
  if (!text::starts_with_same(html.substr(at), start)) return false;
  const std::size_t behind = at + start.size();
  if (behind == html.size()) return false;
  return std::string_view(" \t\r\n/>").find(html[behind]) != kNone;
}

// One that does not end is the end of the search: looking on would make it quadratic.
std::optional<Tag> find_tag(std::string_view html, std::string_view start, std::size_t from) {
  for (std::size_t at = html.find('<', from); at != kNone; at = html.find('<', at + 1)) {
    if (!begins_tag(html, at, start)) continue;
    const auto end = end_of_tag(html, at);
    return end ? std::optional(Tag{at, *end}) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::size_t> find_last(std::string_view html, std::string_view start) {
  for (std::size_t at = html.rfind('<'); at != kNone; at = html.rfind('<', at - 1)) {
    if (begins_tag(html, at, start)) return at;
    if (at == 0) break;
  }
  return std::nullopt;
}

// The value behind "charset=" in a tag; empty if there is none.
std::string_view charset_in(std::string_view tag) {
  const std::string lower = text::to_lower(tag);
  std::size_t at = lower.find("charset");
  if (at == kNone) return {};
  at += std::string_view("charset").size();
  while (at < tag.size() && (tag[at] == ' ' || tag[at] == '=' || tag[at] == '"' || tag[at] == '\'')) ++at;
  const std::size_t end = std::min(tag.find_first_of(" \t\r\n\"';/>", at), tag.size());
  return tag.substr(at, end - at);
}

std::string styles_before(std::string_view html, std::size_t end) {
  std::string styles;
  const std::string_view head = html.substr(0, end);
  std::size_t from = 0;
  while (const auto begin = find_tag(head, "<style", from)) {
    const auto close = find_tag(head, "</style", begin->end);
    if (!close) break;
    styles += head.substr(begin->begin, close->end - begin->begin);
    from = close->end;
  }
  return styles;
}

}  // namespace

std::string html_from_text(std::string_view plain) {
  std::string html;
  html.reserve(plain.size() + plain.size() / 8);
  bool blank_before = true;
  for (const char c : plain) {
    const bool blank = c == ' ';
    switch (c) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '\r': break;
      case '\n': html += "<br>\r\n"; break;
      case ' ': html += blank_before ? "&nbsp;" : " "; break;
      default: html += c;
    }
    blank_before = blank || c == '\n';
  }
  return html;
}

std::string html_content(std::string_view document) {
  const auto body = find_tag(document, "<body", 0);
  const std::size_t begin = body ? body->end : 0;
  const std::size_t last = find_last(document, "</body").value_or(document.size());
  std::string content;
  if (body) content = styles_before(document, body->begin);
  content += document.substr(begin, last >= begin ? last - begin : kNone);
  return content;
}

std::string html_with_appendix(std::string_view document, std::string_view fragment) {
  auto end = find_last(document, "</body");
  if (!end) end = find_last(document, "</html");
  const std::size_t at = end.value_or(document.size());
  std::string joined(document.substr(0, at));
  joined += fragment;
  joined += document.substr(at);
  return joined;
}

std::string without_meta_charset(std::string_view document) {
  std::string out;
  std::size_t copied = 0;
  std::size_t from = 0;
  while (const auto tag = find_tag(document.substr(0, kMetaWithinOctets), "<meta", from)) {
    from = tag->end;
    if (charset_in(document.substr(tag->begin, tag->end - tag->begin)).empty()) continue;
    out += document.substr(copied, tag->begin - copied);
    copied = tag->end;
  }
  out += document.substr(copied);
  return out;
}

std::optional<std::string> meta_charset(std::string_view document) {
  const std::string_view front = document.substr(0, kMetaWithinOctets);
  std::size_t from = 0;
  while (const auto tag = find_tag(front, "<meta", from)) {
    const std::string_view name = charset_in(front.substr(tag->begin, tag->end - tag->begin));
    if (!name.empty()) return std::string(name);
    from = tag->end;
  }
  return std::nullopt;
}

}  // namespace postern::mime
