// mbox files (RFC 4155) in their four dialects, which differ in how a body's lines that look like a separator
// are kept apart from one:
//   mboxo   "From " gets a '>' in front; what had one already is the same afterwards
//   mboxrd  every line of '>'s and "From " gets one more, which can be undone
//   mboxcl  as mboxo, and Content-Length says where the body ends
//   mboxcl2 Content-Length alone
// A Content-Length is believed only if a separator or the file's end follows there. Readers take LF and CRLF;
// what they give has CRLF. Status fields that mbox programs add to a header become flags and are left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "storage/mailfiles/file_octets.h"
#include "storage/mailfiles/line_ends.h"
#include "storage/model/flags.h"

namespace postern::mailfiles {

enum class MboxDialect : std::uint8_t { mboxo, mboxrd, mboxcl, mboxcl2 };
std::string_view name_of(MboxDialect dialect);
std::optional<MboxDialect> mbox_dialect_from(std::string_view name);

// "From someone@example.org Mon Jan  6 10:00:00 2025": RFC 4155 has the date in UTC.
struct Separator {
  std::string sender;
  std::optional<WallTime> date;
};
// `line` without its end. nullopt: it separates nothing.
std::optional<Separator> parse_separator(std::string_view line);
std::string separator_line(
    const Separator& separator);  // with its LF; a sender that is no word is MAILER-DAEMON

// One message after the other:
//   while (next()) { separator(); while (!(piece = read()).empty()) …; flags(); }
class MboxReader {
 public:
  MboxReader(FileOctets& file, MboxDialect dialect) : file_(file), dialect_(dialect) {}

  // False: the file is at its end. invalid: it does not begin with a separator, so it is no mbox.
  Result<bool> next();
  const Separator& separator() const { return separator_; }
  std::uint64_t offset() const { return begin_; }  // of the message's separator in the file

  // The message's octets in pieces of at most about 64 KiB; empty: its end.
  Result<std::string> read();
  // What the status fields said; complete once the header has been read.
  const Flags& flags() const { return flags_; }

 private:
  enum class State { between, header, body, ended };
  struct Line {
    std::string_view text;  // with its end, if that is within the piece
    bool begins = false;    // it is a line's beginning
    bool whole = false;     // … and its end, too
  };

  // The line at at_, or the first piece of a long one; empty at the file's end.
  Result<Line> peek();
  void pass(const Line& line);
  bool separates(const Line& line) const;
  // Where the body ends by Content-Length, if that can be believed.
  Result<void> find_end_of_body();
  void take_header(const Line& line, std::string& out);
  bool take_status(std::string_view line);
  void take_body(const Line& line, std::string& out);
  std::string_view unquoted(const Line& line) const;

  FileOctets& file_;
  const MboxDialect dialect_;
  State state_ = State::between;
  Separator separator_;
  std::uint64_t begin_ = 0;
  std::uint64_t at_ = 0;         // in the file
  std::uint64_t window_at_ = 0;  // what of the file is in window_
  std::string window_;
  bool line_begins_ = true;
  bool dropping_field_ = false;
  std::optional<std::uint64_t> content_length_;
  std::optional<std::uint64_t> body_end_;
  std::string empty_lines_;  // held until it is known that a separator does not follow
  CrlfWriter crlf_;
  Flags flags_;
};

// A message for a file: separator, header with status fields, body quoted as the dialect has it, an empty
// line.
class MboxWriter {
 public:
  // Of the dialects with Content-Length it holds the whole body until finish().
  MboxWriter(MboxDialect dialect, const Separator& separator, const Flags& flags, std::string& out);
  // All octets of the message, in pieces.
  void feed(std::string_view octets, std::string& out);
  void finish(std::string& out);

 private:
  void take_line(std::string& out);
  void end_header(std::string& out);

  const MboxDialect dialect_;
  const Flags flags_;
  LfWriter lf_;
  std::string pending_;  // of a line that has not ended
  bool in_header_ = true;
  bool line_begins_ = true;
  bool ends_with_lf_ = true;
  std::string body_;  // of the dialects with Content-Length
};

}  // namespace postern::mailfiles
