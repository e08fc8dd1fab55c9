#include <algorithm>

#include "storage/mailfiles/mbox.h"

namespace postern::mailfiles {

namespace {

constexpr std::size_t kLineOctetsMax = 64 * 1024;

bool counts(MboxDialect dialect) {
  return dialect == MboxDialect::mboxcl || dialect == MboxDialect::mboxcl2;
}

}  // namespace

MboxWriter::MboxWriter(MboxDialect dialect, const Separator& separator, const Flags& flags, std::string& out)
    : dialect_(dialect), flags_(flags) {
  out += separator_line(separator);
}

void MboxWriter::feed(std::string_view octets, std::string& out) {
  std::string text;
  lf_.feed(octets, text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::size_t count = end == std::string::npos ? text.size() - at : end + 1 - at;
    pending_.append(text, at, count);
    at += count;
    if (end != std::string::npos || pending_.size() >= kLineOctetsMax) take_line(out);
  }
}

// A line, or a piece of a long one.
void MboxWriter::take_line(std::string& out) {
  const bool begins = line_begins_;
  line_begins_ = ends_with_lf_ = pending_.ends_with('\n');
  if (in_header_ && begins && pending_ == "\n") {
    end_header(out);
  } else {
    // No Content-Length covers a header, so what looks like a separator there is quoted in every dialect.
    const std::size_t quotes = pending_.find_first_not_of('>');
    const bool looks_so = begins && (in_header_ || dialect_ != MboxDialect::mboxcl2) &&
                          quotes != std::string::npos && pending_.compare(quotes, 5, "From ") == 0 &&
                          (quotes == 0 || dialect_ == MboxDialect::mboxrd);
    std::string& to = counts(dialect_) && !in_header_ ? body_ : out;
    if (looks_so) to += '>';
    to += pending_;
  }
  pending_.clear();
}

void MboxWriter::end_header(std::string& out) {
  if (!line_begins_) out += '\n';
  out += flags_.has(SystemFlag::seen) ? "Status: RO\n" : "Status: O\n";
  std::string status;
  if (flags_.has(SystemFlag::answered)) status += 'A';
  if (flags_.has(SystemFlag::flagged)) status += 'F';
  if (flags_.has(SystemFlag::deleted)) status += 'D';
  if (flags_.has(SystemFlag::draft)) status += 'T';
  if (!status.empty()) out += "X-Status: " + status + "\n";
  if (!flags_.keywords.empty()) {
    out += "X-Keywords:";
    for (const std::string& keyword : flags_.keywords) out += ' ' + keyword;
    out += '\n';
  }
  in_header_ = false;
  ends_with_lf_ = true;
  line_begins_ = true;
  if (!counts(dialect_)) out += '\n';
}

void MboxWriter::finish(std::string& out) {
  std::string text;
  lf_.finish(text);
  pending_ += text;
  if (!pending_.empty()) take_line(out);
  if (in_header_) end_header(out);
  if (counts(dialect_)) {
    out += "Content-Length: " + std::to_string(body_.size()) + "\n\n" + body_;
  }
  out += ends_with_lf_ ? "\n" : "\n\n";
}

}  // namespace postern::mailfiles
