// Dot-stuffed text (RFC 5321 §4.5.2, RFC 1939 §3): octets in, octets out, whatever the split.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace postern {

// Takes DATA as it arrives. Only CRLF.CRLF ends it (and ".CRLF" at the very start, an empty message); a bare
// LF or CR is content and never an end: the classic way to smuggle a second message.
class DotUnstuffer {
 public:
  // Appends the unstuffed octets to `out`; returns how many octets of `in` it took. All of them, unless the
  // end was found: then what follows the final CRLF is left.
  std::size_t feed(std::string_view in, std::string& out);
  bool ended() const { return state_ == State::ended; }

 private:
  enum class State : std::uint8_t { line_start, dot, dot_cr, text, cr, ended };
  State state_ = State::line_start;
};

// Writes a message to a client: lines that begin with a dot get another; finish() adds a missing last CRLF
// and the end mark ".CRLF". A dot after a bare LF is stuffed too: clients that end lines there would
// otherwise take LF.LF for the end of the message and the rest of it for our answers.
class DotStuffer {
 public:
  void feed(std::string_view in, std::string& out);
  void finish(std::string& out);

 private:
  enum class State : std::uint8_t { line_start, after_bare_lf, text };
  State state_ = State::line_start;
  bool cr_ = false;  // the last octet was CR
};

}  // namespace postern
