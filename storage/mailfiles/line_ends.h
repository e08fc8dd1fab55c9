// CrlfWriter: text with the line ends of Unix becomes what mail has. A CR that stands before an LF already is
// left alone, so octets that have CRLF pass unchanged.
#pragma once

#include <string>
#include <string_view>

namespace postern::mailfiles {

class CrlfWriter {
 public:
  // Appends to `out`; pieces may be cut anywhere.
  void feed(std::string_view octets, std::string& out) {
    for (const char c : octets) {
      if (c == '\n' && last_ != '\r') out += '\r';
      out += c;
      last_ = c;
    }
  }

 private:
  char last_ = 0;
};

// The other way, for files: CRLF becomes LF, any other CR stays.
class LfWriter {
 public:
  void feed(std::string_view octets, std::string& out) {
    for (const char c : octets) {
      if (held_ && c != '\n') out += '\r';
      held_ = c == '\r';
      if (!held_) out += c;
    }
  }
  // Once, after the last octet.
  void finish(std::string& out) {
    if (held_) out += '\r';
    held_ = false;
  }

 private:
  bool held_ = false;
};

}  // namespace postern::mailfiles
