#include "protocols/shared/dot_lines.h"

#include <algorithm>
#include <cstring>

namespace postern {

std::size_t DotUnstuffer::feed(std::string_view in, std::string& out) {
  std::size_t i = 0;
  while (i < in.size()) {
    const char c = in[i];
    switch (state_) {
      case State::line_start:
        if (c == '.') {
          state_ = State::dot;
          ++i;
        } else {
          state_ = State::text;
        }
        break;
      case State::dot:
        // The stuffed dot is gone; what follows is content unless it is CRLF.
        if (c == '\r') {
          state_ = State::dot_cr;
          ++i;
        } else {
          state_ = State::text;
        }
        break;
      case State::dot_cr:
        if (c == '\n') {
          state_ = State::ended;
          return i + 1;
        }
        // ". CR x": no end of data. RFC 5321 removes the dot of a line that goes on.
        out += '\r';
        state_ = c == '\r' ? State::cr : State::text;
        if (c == '\r') ++i;
        break;
      case State::text: {
        const std::string_view rest = in.substr(i);
        const std::size_t cr = std::min(rest.find('\r'), rest.size());
        out.append(rest.substr(0, cr));
        i += cr;
        if (i < in.size()) {
          state_ = State::cr;
          ++i;
        }
        break;
      }
      case State::cr:
        // The CR is held back until it is known whether it belongs to a line end.
        out += '\r';
        if (c == '\n') {
          out += '\n';
          state_ = State::line_start;
          ++i;
        } else if (c == '\r') {
          ++i;
        } else {
          state_ = State::text;
        }
        break;
      case State::ended: return i;
    }
  }
  return i;
}

void DotStuffer::feed(std::string_view in, std::string& out) {
  while (!in.empty()) {
    if (state_ != State::text && in.front() == '.') out += '.';
    const std::size_t line_end = in.find('\n');
    if (line_end == std::string_view::npos) {
      out.append(in);
      cr_ = in.back() == '\r';
      state_ = State::text;
      return;
    }
    const bool crlf = line_end > 0 ? in[line_end - 1] == '\r' : cr_;
    out.append(in.substr(0, line_end + 1));
    cr_ = false;
    state_ = crlf ? State::line_start : State::after_bare_lf;
    in.remove_prefix(line_end + 1);
  }
}

void DotStuffer::finish(std::string& out) {
  if (state_ != State::line_start) out += "\r\n";
  out += ".\r\n";
  state_ = State::line_start;
}

}  // namespace postern
