// Cursor: reads the arguments of one command, token by token (RFC 3501 §9). It remembers the first thing that
// was not as expected, with its octet position, and from then on yields harmless values, so that a parser
// reads like the rule above it; loops ask ok(). Bounds of count and length are enforced here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/result.h"
#include "protocols/imap/command.h"

namespace postern::imap {

constexpr std::size_t kListItemsMax = 1000;  // flags, patterns, header names, fetch items …
constexpr std::size_t kSequenceRangesMax = 20'000;
constexpr std::uint64_t kNumber63Max = INT64_MAX;  // mod-sequences, offsets, sizes

// How mailbox names are written: a client of IMAP4rev1 has modified UTF-7, until it enables IMAP4rev2 or
// UTF8=ACCEPT (RFC 9051 §5.1, RFC 6855 §3).
enum class NameSpelling : bool { modified_utf7, utf8 };

class Cursor {
 public:
  // Borrows the octets: Frame::arguments.
  explicit Cursor(std::string_view octets, NameSpelling names = NameSpelling::modified_utf7)
      : octets_(octets), names_(names) {}

  bool ok() const { return !error_; }
  bool at_end() const { return at_ == octets_.size(); }
  // The next octet is c. False once something went wrong, so that loops end.
  bool peek(char c) const { return ok() && at_ < octets_.size() && octets_[at_] == c; }
  bool peek_digit() const {
    return ok() && at_ < octets_.size() && octets_[at_] >= '0' && octets_[at_] <= '9';
  }
  bool peek(std::string_view word) const;  // ASCII case aside
  // Consumes `word` if it stands here, ASCII case aside.
  bool take(std::string_view word);
  // The same, but only if the word ends there: no atom character follows.
  bool take_word(std::string_view word);

  void expect(char c);
  void space() { expect(' '); }

  std::string_view atom(std::string_view what = "an atom");
  std::string word(std::string_view what);  // an atom in upper case
  std::string astring(std::string_view what = "a string");
  std::string string(std::string_view what = "a string");  // quoted or literal
  std::optional<std::string> nstring();
  std::string list_mailbox();  // astring that may hold wildcards
  std::uint64_t number(std::uint64_t max = UINT32_MAX);
  std::uint32_t nz_number();
  int two_digits();
  SequenceSet sequence_set();
  SequenceSet known_uids();  // without "*" and "$" (RFC 7162 §7)
  Window window();           // RFC 9394 §4: partial-range
  std::string object_id();   // RFC 8474 §7: letters, digits, "_" and "-"
  MailboxArgument mailbox();
  MailboxArgument new_mailbox();  // to be made
  NameSpelling names() const { return names_; }

  // "(" item *(SP item) ")" with at least `least` items.
  template <class Parse>
  auto list(Parse parse, std::size_t least = 1) {
    std::vector<decltype(parse(*this))> items;
    expect('(');
    if (least == 0 && take(")")) return items;
    do {
      if (items.size() == kListItemsMax) fail("expected at most 1000 items");
      if (ok()) items.push_back(parse(*this));
    } while (ok() && take(" "));
    expect(')');
    return items;
  }

  // Announced octets of a literal that is not collected here; must be the end of the input.
  std::uint64_t message_literal(bool& synchronizing);

  // "expected …"; the position is added. The first failure stays.
  void fail(std::string_view expected) { fail_at(at_, expected); }
  void fail_at(std::size_t position, std::string_view expected);
  void fail(Error error);
  std::size_t position() const { return at_; }
  Error error() const { return *error_; }

  // The value if all went well and nothing is left over.
  template <class T>
  Result<T> finish(T value) {
    if (ok() && !at_end()) fail("expected the end of the command");
    if (!ok()) return *error_;
    return value;
  }

 private:
  char next() const { return ok() && at_ < octets_.size() ? octets_[at_] : '\0'; }
  std::string_view run_of(bool (*belongs)(char));
  std::string quoted();
  std::string literal();

  std::string_view octets_;
  NameSpelling names_;
  std::size_t at_ = 0;
  std::optional<Error> error_;
};

// Character classes of RFC 3501 §9.
bool is_atom_char(char c);
bool is_astring_char(char c);
bool is_tag_char(char c);

}  // namespace postern::imap
