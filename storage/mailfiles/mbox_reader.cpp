#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mailfiles/mbox.h"

namespace postern::mailfiles {

namespace {

constexpr std::size_t kWindowOctets = 64 * 1024;
constexpr std::size_t kPieceOctets = 64 * 1024;
constexpr std::size_t kSeparatorOctetsMax = 1024;

std::string_view without_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// "Name:" in front, without case.
std::optional<std::string_view> value_of(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return std::nullopt;
  if (!text::starts_with_same(line, name)) return std::nullopt;
  return text::trim(without_end(line.substr(name.size() + 1)));
}

}  // namespace

Result<MboxReader::Line> MboxReader::peek() {
  const auto rest = [this] {
    return at_ >= window_at_ && at_ - window_at_ <= window_.size()
               ? std::string_view(window_).substr(static_cast<std::size_t>(at_ - window_at_))
               : std::string_view();
  };
  if (rest().find('\n') == std::string_view::npos && at_ < file_.size()) {
    TRY(window_, file_.read(at_, kWindowOctets));
    window_at_ = at_;
  }
  const std::string_view text = rest();
  const std::size_t end = text.find('\n');
  Line line;
  line.begins = line_begins_;
  line.text = end == std::string_view::npos ? text : text.substr(0, end + 1);
  line.whole = end != std::string_view::npos || at_ + text.size() >= file_.size();
  return line;
}

void MboxReader::pass(const Line& line) {
  line_begins_ = line.whole;
  at_ += line.text.size();
}

bool MboxReader::separates(const Line& line) const {
  return line.begins && line.whole && parse_separator(without_end(line.text)).has_value();
}

Result<bool> MboxReader::next() {
  while (state_ == State::header || state_ == State::body) {
    TRY(const std::string piece, read());
    if (piece.empty()) break;
  }
  for (;;) {
    TRY(const Line line, peek());
    if (line.text.empty()) return false;
    const bool empty = line.begins && without_end(line.text).empty();
    if (empty) {
      pass(line);
      continue;
    }
    if (!separates(line)) return Error(ErrorKind::invalid, "no mbox: it does not begin with a separator");
    separator_ = *parse_separator(without_end(line.text));
    begin_ = at_;
    pass(line);
    break;
  }
  state_ = State::header;
  flags_ = Flags();
  dropping_field_ = false;
  content_length_.reset();
  body_end_.reset();
  empty_lines_.clear();
  crlf_ = CrlfWriter();
  return true;
}

Result<std::string> MboxReader::read() {
  std::string out;
  while ((state_ == State::header || state_ == State::body) && out.size() < kPieceOctets) {
    if (state_ == State::body && body_end_ && at_ >= *body_end_) {
      // What Content-Length counts belongs to the message, its last line as well.
      crlf_.feed(empty_lines_, out);
      line_begins_ = true;
      state_ = State::ended;
      break;
    }
    TRY(Line line, peek());
    if (state_ == State::body && body_end_ && at_ + line.text.size() > *body_end_) {
      line.text = line.text.substr(0, static_cast<std::size_t>(*body_end_ - at_));
    }
    if (line.text.empty() || (!body_end_ && separates(line))) {
      state_ = State::ended;
      break;
    }
    pass(line);
    if (state_ == State::body) {
      take_body(line, out);
    } else if (line.begins && without_end(line.text).empty()) {
      crlf_.feed(line.text, out);
      TRY_VOID(find_end_of_body());
      state_ = State::body;
    } else {
      take_header(line, out);
    }
  }
  return out;
}

Result<void> MboxReader::find_end_of_body() {
  const bool counts = dialect_ == MboxDialect::mboxcl || dialect_ == MboxDialect::mboxcl2;
  if (!counts || !content_length_ || *content_length_ > file_.size() - at_) return {};
  const std::uint64_t end = at_ + *content_length_;
  TRY(const std::string behind, file_.read(end, kSeparatorOctetsMax));
  const std::size_t begin = behind.find_first_not_of("\r\n");
  const bool at_end = begin == std::string::npos && end + behind.size() == file_.size();
  const std::size_t line_end = behind.find('\n', std::min(begin, behind.size()));
  const bool separated =
      begin != std::string::npos &&
      parse_separator(without_end(std::string_view(behind).substr(begin, line_end - begin)));
  // A separator in the midst of a line is none.
  const bool on_a_line = begin != 0 || *content_length_ == 0 || at_end;
  if (at_end || (separated && on_a_line)) body_end_ = end;
  return {};
}

void MboxReader::take_header(const Line& line, std::string& out) {
  const bool continues = !line.begins || line.text.front() == ' ' || line.text.front() == '\t';
  if (!continues) dropping_field_ = line.whole && take_status(line.text);
  if (!dropping_field_) crlf_.feed(unquoted(line), out);
}

// Whether the field is one of those that mbox programs add.
bool MboxReader::take_status(std::string_view line) {
  if (const auto status = value_of(line, "Status")) {
    if (status->find('R') != std::string_view::npos) flags_.set(SystemFlag::seen);
    return true;
  }
  if (const auto status = value_of(line, "X-Status")) {
    constexpr std::pair<char, SystemFlag> kLetters[] = {{'A', SystemFlag::answered},
                                                        {'F', SystemFlag::flagged},
                                                        {'D', SystemFlag::deleted},
                                                        {'T', SystemFlag::draft}};
    for (const auto& [letter, flag] : kLetters) {
      if (status->find(letter) != std::string_view::npos) flags_.set(flag);
    }
    return true;
  }
  if (const auto keywords = value_of(line, "X-Keywords")) {
    for (const std::string_view name : text::split(*keywords, ' ')) {
      const bool room = flags_.keywords.size() < kKeywordsPerMailboxMax;
      if (room && !name.empty() && check_keyword(name)) flags_.add_keyword(std::string(name));
    }
    return true;
  }
  const bool counts = dialect_ == MboxDialect::mboxcl || dialect_ == MboxDialect::mboxcl2;
  if (const auto length = value_of(line, "Content-Length"); length && counts) {
    content_length_ = text::number(*length);
    return true;
  }
  return value_of(line, "X-UID") || value_of(line, "X-IMAP") || value_of(line, "X-IMAPbase");
}

void MboxReader::take_body(const Line& line, std::string& out) {
  // The last empty line stands in front of the next separator and is not the message's.
  const bool empty = line.begins && without_end(line.text).empty();
  crlf_.feed(empty_lines_, out);
  empty_lines_.clear();
  if (empty) {
    empty_lines_ = line.text;
    return;
  }
  crlf_.feed(unquoted(line), out);
}

std::string_view MboxReader::unquoted(const Line& line) const {
  std::string_view text = line.text;
  const bool may_be = line.begins && (state_ == State::header || dialect_ != MboxDialect::mboxcl2);
  const std::size_t quotes = may_be ? text.find_first_not_of('>') : 0;
  const bool quoted = quotes != 0 && quotes != std::string_view::npos &&
                      text.substr(quotes).starts_with("From ") &&
                      (quotes == 1 || dialect_ == MboxDialect::mboxrd);
  if (quoted) text.remove_prefix(1);
  return text;
}

}  // namespace postern::mailfiles
