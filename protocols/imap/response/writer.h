// Writer: the tokens of a response (RFC 3501 §9), appended to a string. It chooses between quoted and
// literal, so that whatever a message contains, the response stays well-formed for an IMAP4rev1 client.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/imap/grammar/cursor.h"
#include "storage/model/mailbox.h"

namespace postern::imap {

class Writer {
 public:
  // Borrows `out`, which may be emptied between calls.
  explicit Writer(std::string& out) : out_(out) {}

  Writer& raw(std::string_view octets) {
    out_ += octets;
    return *this;
  }
  Writer& number(std::uint64_t value);
  // Quoted if it is short and plain ASCII, else a literal; NUL becomes a space, for no string can hold it.
  Writer& string(std::string_view octets);
  Writer& nstring(const std::optional<std::string>& octets);
  Writer& astring(std::string_view octets);  // bare if it can be
  Writer& mailbox(const MailboxName& name, NameSpelling names = NameSpelling::modified_utf7);  // astring
  Writer& line_end() { return raw("\r\n"); }

 private:
  Writer& quoted(std::string_view octets);

  std::string& out_;
};

}  // namespace postern::imap
