#include "protocols/imap/grammar/cursor.h"

#include "gateway/base/text.h"
#include "protocols/imap/grammar/mailbox_name.h"

namespace postern::imap {

namespace {

constexpr std::string_view kAtomSpecials = "(){%*\"\\]";

bool is_list_char(char c) {
  return is_astring_char(c) || c == '%' || c == '*';
}

}  // namespace

bool is_atom_char(char c) {
  return c > ' ' && c < '\x7F' && kAtomSpecials.find(c) == std::string_view::npos;
}
bool is_astring_char(char c) {
  return is_atom_char(c) || c == ']';
}
bool is_tag_char(char c) {
  return is_astring_char(c) && c != '+';
}

void Cursor::fail_at(std::size_t position, std::string_view expected) {
  fail(Error(ErrorKind::invalid, std::string(expected) + " at octet " + std::to_string(position + 1)));
}

void Cursor::fail(Error error) {
  if (ok()) error_ = std::move(error);
}

bool Cursor::peek(std::string_view word) const {
  return ok() && text::starts_with_same(octets_.substr(at_), word);
}

bool Cursor::take(std::string_view word) {
  if (!peek(word)) return false;
  at_ += word.size();
  return true;
}

bool Cursor::take_word(std::string_view word) {
  const std::size_t before = at_;
  if (!take(word)) return false;
  if (!is_atom_char(next())) return true;
  at_ = before;
  return false;
}

void Cursor::expect(char c) {
  if (next() == c && ok()) {
    ++at_;
  } else if (c == ' ') {
    fail("expected a space");
  } else {
    fail(std::string("expected \"") + c + '"');
  }
}

std::string_view Cursor::run_of(bool (*belongs)(char)) {
  const std::size_t begin = at_;
  while (belongs(next())) ++at_;
  return octets_.substr(begin, at_ - begin);
}

std::string_view Cursor::atom(std::string_view what) {
  const std::string_view found = run_of(is_atom_char);
  if (found.empty()) fail("expected " + std::string(what));
  return found;
}

std::string Cursor::word(std::string_view what) {
  return text::to_upper(atom(what));
}

std::string Cursor::astring(std::string_view what) {
  if (peek('"') || peek('{')) return string(what);
  const std::string_view found = run_of(is_astring_char);
  if (found.empty()) fail("expected " + std::string(what));
  return std::string(found);
}

std::string Cursor::list_mailbox() {
  if (peek('"') || peek('{')) return string();
  const std::string_view found = run_of(is_list_char);
  if (found.empty()) fail("expected a mailbox pattern");
  return std::string(found);
}

std::string Cursor::string(std::string_view what) {
  if (peek('"')) return quoted();
  if (peek('{')) return literal();
  fail("expected " + std::string(what));
  return {};
}

std::optional<std::string> Cursor::nstring() {
  if (take_word("NIL")) return std::nullopt;
  return string("a string or NIL");
}

// Octets above 127 pass: RFC 3501 has no place for them, but clients put UTF-8 passwords here.
std::string Cursor::quoted() {
  std::string out;
  const std::size_t begin = at_++;
  while (ok()) {
    const std::size_t end = octets_.find_first_of("\"\\\r\n", at_);
    if (end == std::string_view::npos || octets_[end] == '\r' || octets_[end] == '\n') {
      fail_at(begin, "expected a string that ends with a quote");
      break;
    }
    out += octets_.substr(at_, end - at_);
    at_ = end + 1;
    if (octets_[end] == '"') return out;
    if (next() != '"' && next() != '\\') {
      fail("expected a quote or a backslash after a backslash");
    } else {
      out += octets_[at_++];
    }
  }
  return {};
}

std::string Cursor::literal() {
  expect('{');
  const std::uint64_t length = number(kNumber63Max);
  take("+");
  expect('}');
  if (ok() && !take("\r\n")) fail("expected the end of the line after the length of a literal");
  if (!ok()) return {};
  if (length > octets_.size() - at_) {
    fail("expected all octets of a literal");
    return {};
  }
  const std::string_view found = octets_.substr(at_, length);
  at_ += length;
  return std::string(found);
}

std::uint64_t Cursor::message_literal(bool& synchronizing) {
  expect('{');
  const std::uint64_t length = number(kNumber63Max);
  synchronizing = !take("+");
  expect('}');
  return ok() ? length : 0;
}

std::uint64_t Cursor::number(std::uint64_t max) {
  const std::size_t begin = at_;
  const std::string_view digits = run_of(text::is_digit);
  if (!ok()) return 0;
  const auto value = text::number(digits, max);
  if (digits.empty()) {
    fail("expected a number");
  } else if (!value) {
    fail_at(begin, "expected a number up to " + std::to_string(max));
  }
  return value.value_or(0);
}

std::uint32_t Cursor::nz_number() {
  const std::size_t begin = at_;
  const auto value = static_cast<std::uint32_t>(number());
  if (value == 0) fail_at(begin, "expected a number above zero");
  return value == 0 ? 1 : value;
}

int Cursor::two_digits() {
  int value = 0;
  for (int i = 0; i < 2; ++i) {
    if (!text::is_digit(next())) {
      fail("expected two digits");
      return 0;
    }
    value = value * 10 + (octets_[at_++] - '0');
  }
  return value;
}

SequenceSet Cursor::sequence_set() {
  const auto seq_number = [this] { return take("*") ? SequenceSet::kLargest : nz_number(); };
  SequenceSet set;
  if (take("$")) {
    set.saved = true;
    return set;
  }
  do {
    if (set.ranges.size() == kSequenceRangesMax) fail("expected at most 20000 ranges");
    SequenceSet::Range range;
    range.first = seq_number();
    range.last = take(":") ? seq_number() : range.first;
    if (ok()) set.ranges.push_back(range);
  } while (take(","));
  return set;
}

std::string Cursor::object_id() {
  constexpr std::size_t kObjectIdOctetsMax = 255;
  const std::size_t begin = at_;
  const std::string_view found =
      run_of([](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '_' || c == '-'; });
  if (found.empty() || found.size() > kObjectIdOctetsMax) fail_at(begin, "expected an object id");
  return std::string(found);
}

SequenceSet Cursor::known_uids() {
  const std::size_t begin = at_;
  SequenceSet set = sequence_set();
  bool open = set.saved;
  for (const SequenceSet::Range& range : set.ranges) {
    open = open || range.first == SequenceSet::kLargest || range.last == SequenceSet::kLargest;
  }
  if (open) fail_at(begin, "expected UIDs");
  return set;
}

// partial-range-first = nz-number ":" nz-number; partial-range-last the same with "-" before each number.
Window Cursor::window() {
  Window window;
  window.from_end = take("-");
  window.first = nz_number();
  expect(':');
  if (window.from_end) expect('-');
  window.last = nz_number();
  if (window.first > window.last) std::swap(window.first, window.last);
  return window;
}

MailboxArgument Cursor::mailbox() {
  const std::string spelled = astring("a mailbox");
  if (!ok()) return {};
  return mailbox_argument(spelled, names_);
}

MailboxArgument Cursor::new_mailbox() {
  const std::string spelled = astring("a mailbox");
  if (!ok()) return {};
  return new_mailbox_argument(spelled, names_);
}

}  // namespace postern::imap
