// A header block (RFC 5322 §2.2) as a sequence of fields, without copying: names, raw octets, unfolded
// values, and the filter behind IMAP's HEADER.FIELDS and HEADER.FIELDS.NOT.
//
// Everything up to the first empty line is header. A line that is neither a field nor a continuation is a
// field without a name: it is skipped by lookups but kept by FieldSelection::all_but.
#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::mime {

// A colon further away from the start of its line ends no name.
constexpr std::size_t kFieldNameOctetsMax = 1024;

struct Field {
  std::string_view name;  // empty: not a field
  std::string_view raw;   // all of it, folding and line ends included
  std::string_view body;  // what follows the colon, as it stands
};

// The name before the colon, blanks before the colon removed (obsolete syntax, RFC 5322 §4.5); empty if there
// is none or if it has an octet that no name has.
std::string_view field_name(std::string_view line);

// The value on one line: line ends of the folding removed, blanks around it trimmed; any other CR, LF or NUL
// becomes a space, so that the result fits into one line of any protocol.
std::string unfold(std::string_view body);

class HeaderView {
 public:
  // `block` must outlive the view; it may end with the empty line, before it, or go on behind it.
  explicit HeaderView(std::string_view block) : block_(block) {}

  class Iterator {
   public:
    using value_type = Field;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(std::string_view rest) : rest_(rest) { read(); }
    const Field& operator*() const { return field_; }
    const Field* operator->() const { return &field_; }
    Iterator& operator++() {
      read();
      return *this;
    }
    void operator++(int) { read(); }
    friend bool operator==(const Iterator& i, std::default_sentinel_t) { return i.field_.raw.empty(); }

   private:
    void read();
    std::string_view rest_;
    Field field_;
  };

  Iterator begin() const { return Iterator(block_); }
  std::default_sentinel_t end() const { return {}; }
  // The first field of that name, ASCII case aside.
  std::optional<Field> find(std::string_view name) const;

 private:
  std::string_view block_;
};

enum class FieldSelection { only, all_but };

// Passes the chosen fields of a header that arrives in pieces, byte-exact and in order, and the empty line at
// the end. Octets behind the empty line are ignored. Holds at most kFieldNameOctetsMax octets.
class FieldFilter {
 public:
  FieldFilter(FieldSelection selection, const std::vector<std::string>& names);
  void feed(std::string_view octets, std::string& out);
  // Once, after the last octet: what is still held.
  void finish(std::string& out);

 private:
  void decide(std::string& out);

  FieldSelection selection_;
  std::vector<std::string> names_;  // lower case, sorted
  std::string held_;                // a line's start, until its name is known
  bool begun_ = false;
  bool at_line_start_ = true;
  bool holding_ = false;
  bool passing_ = false;
  bool done_ = false;
};

// All at once.
std::string filter_fields(std::string_view header, FieldSelection selection,
                          const std::vector<std::string>& names);

}  // namespace postern::mime
