// Writes WBXML straight into an output buffer, which its owner may empty between two calls. Every answer goes
// through it: there is no tree to build first. MS-ASWBXML section 2.1.1.
//
//   Writer out(buffer);
//   const auto sync = out.open("AirSync:Sync"_tag);
//   out.number("AirSync:Status"_tag, 1);
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/activesync/wbxml/code_pages.h"

namespace postern::activesync {

class Writer {
 public:
  // Writes the header: version 1.3, UTF-8, no string table. `out` outlives the Writer.
  explicit Writer(std::string& out);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // An element that has not ended. It ends with this object; what is written meanwhile is inside it.
  class [[nodiscard]] Open {
   public:
    explicit Open(Writer& writer) : writer_(writer) {}
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    ~Open() { writer_.close(); }

   private:
    Writer& writer_;
  };
  Open open(Tag tag);
  // The same for an owner whose scopes are not those of the elements: one close() for each begin().
  void begin(Tag tag);
  void close();

  void empty(Tag tag);
  // As STR_I, or as OPAQUE if the element is a byte array. A string ends at NUL, so NUL octets are left out
  // of strings. Strings should be UTF-8. Empty content makes an empty element.
  void text(Tag tag, std::string_view content);
  void number(Tag tag, std::uint64_t value);
  void boolean(Tag tag, bool value);  // "1" or "0"

  // A byte array whose octets come in pieces: exactly `size` of them must be appended to the buffer, and then
  // end_opaque() called, before anything else is written.
  void begin_opaque(Tag tag, std::uint32_t size);
  void end_opaque();

 private:
  void tag_octet(Tag tag, bool has_content);

  std::string& out_;
  std::uint8_t page_ = 0;
};

}  // namespace postern::activesync
