// Framer: from input lines and literals to one complete command (RFC 3501 §2.2, RFC 7888). Pure: the session
// reads the connection and feeds what it read; the framer says what to read next, or what to refuse.
//
// A frame keeps the command's octets as they came, literals in place ("joe {6}\r\nsecret"), so that the
// parser reads them once and an error position means something. An APPEND or REPLACE ends at the announcement
// of its message: those octets never pass through here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern::imap {

struct FramerLimits {
  std::size_t line_octets_max;
  std::size_t literal_octets_max;
  std::size_t literals_max;
  std::size_t total_octets_max;  // lines and literals of one command
  std::size_t lists_max;         // "(" outside quoted strings
  bool strangers;                // refusals of size end the connection; HTTP is recognised
};

// Before log-in nothing but LOGIN, AUTHENTICATE and ID takes arguments, and ID takes one flat list.
constexpr FramerLimits kBeforeLogIn{.line_octets_max = 8192,
                                    .literal_octets_max = 8192,
                                    .literals_max = 64,
                                    .total_octets_max = 8192,
                                    .lists_max = 1,
                                    .strangers = true};
constexpr FramerLimits kAfterLogIn{.line_octets_max = 64 * 1024,
                                   .literal_octets_max = 128 * 1024,
                                   .literals_max = 1000,
                                   .total_octets_max = 1024 * 1024,
                                   .lists_max = SIZE_MAX,
                                   .strangers = false};
constexpr std::size_t kTagOctetsMax = 64;
constexpr std::size_t kCommandNameOctetsMax = 32;

// A line as net/line_io reports it.
struct InputLine {
  std::string_view text;  // without its end
  bool too_long = false;  // cut; the rest follows as further lines
  bool has_nul = false;
  bool has_bare_cr = false;
};

// literal = "{" number ["+"] "}" at the end of a line
struct LiteralAnnouncement {
  std::size_t brace = 0;
  std::optional<std::uint64_t> octets;  // absent: beyond 2⁶³−1
  bool synchronizing = true;
};
std::optional<LiteralAnnouncement> literal_announced(std::string_view line);

struct Frame {
  std::string tag;
  std::string name;       // upper case; "UID FETCH" is one name
  std::string arguments;  // after the space that follows the name
};

// What cannot become a command.
struct Refusal {
  std::string tag;       // empty: answer untagged
  std::string text;      // fixed words, never the client's
  bool too_big = false;  // response code TOOBIG
  bool close = false;    // BYE instead of BAD, and end the connection
};

enum class FramerState : std::uint8_t {
  need_line,     // feed line() the next line
  need_literal,  // feed literal() literal_octets() octets in pieces; first "+ " if synchronizing()
  complete,      // take_frame(), parse, run
  message,  // the same, but it is an APPEND or REPLACE and its message literal is still on the connection
  refused,  // take_refusal(); unless it closes, the next line begins a command
};

class Framer {
 public:
  explicit Framer(FramerLimits limits = kBeforeLogIn) : limits_(limits) {}
  // After log-in; between commands.
  void set_limits(FramerLimits limits) { limits_ = limits; }

  // What to allow read_line.
  std::size_t line_octets_max() const { return limits_.line_octets_max; }
  bool in_command() const { return !octets_.empty() || skipping_; }

  FramerState line(const InputLine& line);
  // In the states need_literal and message: what was announced and has not been fed.
  std::uint64_t literal_octets() const { return literal_left_; }
  bool synchronizing() const { return synchronizing_; }
  // At most literal_octets() octets at a time; of an empty literal nothing needs to be fed.
  FramerState literal(std::string_view octets);

  Frame take_frame();
  Refusal take_refusal();

 private:
  struct RefusalTraits {
    bool too_big = false;
    bool close = false;
  };
  FramerState refuse(std::string text, RefusalTraits traits);
  bool read_name();
  bool announces_message(std::size_t brace) const;
  FramerState announce(std::size_t brace, std::optional<std::uint64_t> octets, bool synchronizing);
  FramerState start_skipping(const InputLine& line);
  FramerState skip(const InputLine& line);
  void reset();

  FramerLimits limits_;
  Frame frame_;
  Refusal refusal_;
  std::string octets_;  // the command so far
  std::size_t arguments_at_ = 0;
  std::size_t lists_ = 0;
  std::size_t literals_ = 0;
  std::uint64_t literal_left_ = 0;
  bool synchronizing_ = false;
  bool literal_has_nul_ = false;
  bool skipping_ = false;    // discarding the rest of a line that was too long
  std::size_t skipped_ = 0;  // octets of it
};

}  // namespace postern::imap
