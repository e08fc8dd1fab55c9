#include "protocols/imap_client/reader.h"

#include "gateway/base/text.h"

namespace postern::imap_client {

bool Reader::take(std::string_view word) {
  if (!text::starts_with_same(text().substr(at_), word)) return false;
  at_ += word.size();
  return true;
}

std::string_view Reader::atom() {
  const std::size_t begin = at_;
  int brackets = 0;  // "BODY[HEADER.FIELDS (DATE)]" is one word
  for (; at_ < text().size(); ++at_) {
    const char c = text()[at_];
    if (c == '[') ++brackets;
    if (c == ']' && brackets > 0) --brackets;
    if (brackets == 0 && (c == ' ' || c == '(' || c == ')')) break;
  }
  return text().substr(begin, at_ - begin);
}

std::optional<std::uint64_t> Reader::number() {
  const std::size_t begin = at_;
  while (!at_end() && text::is_digit(text()[at_])) ++at_;
  const auto value = text::number(text().substr(begin, at_ - begin));
  if (!value) fail();
  return value;
}

std::optional<std::string> Reader::string() {
  if (peek('"')) return quoted();
  if (peek('{')) return literal();
  const std::string_view word = atom();
  if (word.empty()) fail();
  if (word.empty() || text::same(word, "NIL")) return std::nullopt;
  return std::string(word);
}

std::optional<std::string> Reader::quoted() {
  std::string value;
  for (++at_; !at_end(); ++at_) {
    const char c = text()[at_];
    if (c == '"') {
      ++at_;
      return value;
    }
    if (c == '\\' && at_ + 1 < text().size()) ++at_;
    value += text()[at_];
  }
  fail();
  return std::nullopt;
}

std::optional<std::string> Reader::literal() {
  const std::size_t end = text().find('}', at_);
  if (end == std::string_view::npos || literal_ >= response_.literals.size()) {
    fail();
    return std::nullopt;
  }
  at_ = end + 1;
  return response_.literals[literal_++];
}

std::vector<std::string> Reader::words() {
  std::vector<std::string> found;
  if (!take("(")) {
    fail();
    return found;
  }
  while (!failed_ && !take(")")) {
    if (take(" ")) continue;
    if (peek('(')) {
      pass_over();
      continue;
    }
    if (auto word = string()) found.push_back(*std::move(word));
  }
  return found;
}

void Reader::pass_over() {
  std::size_t depth = 0;
  do {
    if (at_end()) return fail();
    if (take("(")) {
      ++depth;
    } else if (depth > 0 && take(")")) {
      --depth;
    } else if (depth > 0 && take(" ")) {
      continue;
    } else {
      string();
    }
  } while (depth > 0 && !failed_);
}

}  // namespace postern::imap_client
