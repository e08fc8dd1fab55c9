// Octets that stream past made into lines that end in CRLF (RFC 5321 §2.3.8), and what was noticed on the
// way.
#pragma once

#include <string>
#include <string_view>

namespace postern::mime {

class CrlfLines {
 public:
  // Appends to `out`, a bare CR or LF as CRLF.
  void feed(std::string_view octets, std::string& out);
  // Once, after the last octet: ends the last line.
  void finish(std::string& out);

  bool has_bare_ends() const { return bare_ends_; }  // there was something to repair
  bool has_nul() const { return nul_; }
  bool has_eight_bit() const { return eight_bit_; }

 private:
  bool cr_ = false;  // held back until what follows is known
  bool at_line_start_ = true;
  bool bare_ends_ = false;
  bool nul_ = false;
  bool eight_bit_ = false;
};

}  // namespace postern::mime
