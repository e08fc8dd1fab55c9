#include "protocols/imap/base_subject.h"

#include "storage/mime/decode.h"
#include "storage/mime/fold.h"

namespace postern::imap {

namespace {

// The text is folded already: lower case.
void trim_end(std::string_view& text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
}
void trim_start(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// subj-blob = "[" *BLOBCHAR "]" *WSP
bool take_blob(std::string_view& text) {
  if (!text.starts_with('[')) return false;
  const std::size_t end = text.find_first_of("[]", 1);
  if (end == std::string_view::npos || text[end] != ']') return false;
  text.remove_prefix(end + 1);
  trim_start(text);
  return true;
}

// subj-leader = (*subj-blob subj-refwd); subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"
bool take_leader(std::string_view& text) {
  std::string_view rest = text;
  while (take_blob(rest)) {
  }
  if (!take(rest, "re") && !take(rest, "fwd") && !take(rest, "fw")) return false;
  trim_start(rest);
  take_blob(rest);
  if (!take(rest, ":")) return false;
  trim_start(rest);
  text = rest;
  return true;
}

// Runs of blanks become one, so that folding and tabs make no difference.
std::string with_single_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank) out += c;
    if (blank && !out.empty() && out.back() != ' ') out += ' ';
  }
  return out;
}

}  // namespace

BaseSubject base_subject(std::string_view raw) {
  const std::string folded = with_single_blanks(mime::fold(mime::decode_text(raw)));
  std::string_view text = folded;
  BaseSubject base;
  while (true) {
    trim_end(text);
    while (text.ends_with("(fwd)")) {
      text.remove_suffix(5);
      trim_end(text);
      base.is_reply = true;
    }
    bool taken = true;
    while (taken) {
      taken = false;
      if (take_leader(text)) taken = base.is_reply = true;
      std::string_view without = text;
      if (take_blob(without) && !without.empty()) {
        text = without;
        taken = true;
      }
    }
    if (!text.starts_with("[fwd:") || !text.ends_with(']')) break;
    text = text.substr(5, text.size() - 6);
    trim_start(text);
    base.is_reply = true;
  }
  base.text = text;
  return base;
}

}  // namespace postern::imap
