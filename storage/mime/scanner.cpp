// The part scanner: lines, a stack of open entities, delimiters. RFC 2046 §5.1 (multipart), §5.2.1 (message),
// RFC 5322 §2.1 (header, empty line, body).
//
// A line ends with LF; a CR in front belongs to the line end, any other CR is content. Only the start of a
// body line is ever held, and of headers at most kHeaderOctetsMax octets.
#include "storage/mime/scanner.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "storage/mime/boundary.h"
#include "storage/mime/entity_header.h"

namespace postern::mime {
namespace {

// An entity whose end has not been seen.
struct Entity {
  Part part;
  std::string boundary;            // of a multipart that still takes parts; empty otherwise
  std::uint64_t lines_before = 0;  // line ends in front of the body
};

}  // namespace

class Scanner::State {
 public:
  State() { open(0); }
  void feed(std::string_view octets);
  Structure finish();

 private:
  void skip_body_lines(std::string_view& octets);
  void take(std::string_view piece);
  void end_line(std::size_t line_end_octets);
  DelimiterMatch match(std::string_view content) const;
  void begin_part(std::size_t level);
  void open(std::uint64_t at);
  void end_header();
  void enter_multipart();
  void enter_message();
  void close_down_to(std::size_t levels, std::size_t line_end_octets);
  bool may_have_children() const { return parts_ < kPartsMax && open_.size() < kDepthMax; }

  std::vector<Entity> open_;  // outermost first
  Structure structure_;
  std::size_t parts_ = 0;
  std::size_t addresses_left_ = kAddressesMax;

  std::uint64_t line_begin_ = 0;       // offset of the current line
  std::uint64_t line_ends_ = 0;        // in front of it
  std::size_t previous_line_end_ = 0;  // octets of the one just in front: 0, 1 (LF) or 2 (CRLF)

  // The current line, as far as it has come in.
  std::uint64_t line_octets_ = 0;
  std::string line_start_;  // its first kDelimiterOctetsMax octets
  char last_octet_ = 0;

  // The header of open_.back(), while in_header_.
  bool in_header_ = false;
  std::string header_;
  std::size_t header_lines_ = 0;
  std::size_t line_in_header_ = 0;  // octets at the end of header_ that are the current line's
  bool header_cut_off_ = false;
  std::size_t header_octets_left_ = kHeaderOctetsMax;  // for all headers of the message
};

void Scanner::State::feed(std::string_view octets) {
  while (true) {
    if (!in_header_ && line_octets_ == 0) skip_body_lines(octets);
    const auto content = octets.find('\n');
    take(octets.substr(0, content));
    if (content == std::string_view::npos) return;
    const std::size_t line_end_octets = line_octets_ > 0 && last_octet_ == '\r' ? 2 : 1;
    take(octets.substr(content, 1));
    end_line(line_end_octets);
    octets.remove_prefix(content + 1);
  }
}

// The fast path: whole lines that cannot be delimiters.
void Scanner::State::skip_body_lines(std::string_view& octets) {
  const char* at = octets.data();
  const char* const end = at + octets.size();
  while (at != end && *at != '-') {
    const auto* line_feed =
        static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    if (line_feed == nullptr) break;
    previous_line_end_ = line_feed != at && line_feed[-1] == '\r' ? 2 : 1;
    line_begin_ += static_cast<std::uint64_t>(line_feed - at) + 1;
    ++line_ends_;
    at = line_feed + 1;
  }
  octets.remove_prefix(static_cast<std::size_t>(at - octets.data()));
}

void Scanner::State::take(std::string_view piece) {
  if (piece.empty()) return;
  line_octets_ += piece.size();
  last_octet_ = piece.back();
  line_start_ += piece.substr(0, kDelimiterOctetsMax - line_start_.size());
  if (!in_header_ || header_cut_off_ || header_lines_ == kHeaderLinesMax) return;
  const std::string_view kept = piece.substr(0, header_octets_left_ - line_in_header_);
  header_ += kept;
  line_in_header_ += kept.size();
}

DelimiterMatch Scanner::State::match(std::string_view content) const {
  DelimiterMatch match;
  if (!content.starts_with("--")) return match;
  for (std::size_t level = 0; level < open_.size(); ++level) {
    match.consider(content, open_[level].boundary, level);
  }
  return match;
}

void Scanner::State::end_line(std::size_t line_end_octets) {
  const std::uint64_t content_octets = line_octets_ - line_end_octets;
  const DelimiterMatch delimiter = match(
      std::string_view(line_start_).substr(0, std::min<std::uint64_t>(content_octets, line_start_.size())));
  const bool header_ends = in_header_ && content_octets == 0 && !delimiter.found();
  if (delimiter.found()) {
    header_.resize(header_.size() - line_in_header_);
    close_down_to(delimiter.level() + 1, previous_line_end_);
  } else if (in_header_) {
    header_cut_off_ = header_cut_off_ || line_in_header_ < line_octets_;
    header_octets_left_ -= line_in_header_;
    ++header_lines_;
  }

  line_begin_ += line_octets_;
  line_ends_ += line_end_octets > 0;
  previous_line_end_ = line_end_octets;
  line_octets_ = line_in_header_ = 0;
  line_start_.clear();

  if (header_ends) end_header();
  if (delimiter.found() && delimiter.closes()) open_.back().boundary.clear();
  if (delimiter.found() && !delimiter.closes()) begin_part(delimiter.level());
}

// Beyond kPartsMax a multipart takes no more parts, as if it were closed.
void Scanner::State::begin_part(std::size_t level) {
  if (parts_ == kPartsMax) {
    open_[level].boundary.clear();
    return;
  }
  const bool in_digest = open_[level].part.subtype == "digest";
  open(line_begin_);
  if (!in_digest) return;
  open_.back().part.type = "message";  // RFC 2046 §5.1.5
  open_.back().part.subtype = "rfc822";
}

void Scanner::State::open(std::uint64_t at) {
  open_.emplace_back().part.header = {at, at};
  ++parts_;
  in_header_ = true;
  header_.clear();
  header_lines_ = 0;
  header_cut_off_ = false;
}

// The header of the innermost open entity ends in front of the current line.
void Scanner::State::end_header() {
  in_header_ = false;
  Entity& entity = open_.back();
  Part& part = entity.part;
  part.header.end = line_begin_;
  part.body = {line_begin_, line_begin_};
  entity.lines_before = line_ends_;
  read_content_fields(header_, part);
  if (open_.size() == 1) {
    structure_.envelope = read_envelope(header_, addresses_left_);
    read_list_headers(header_, header_cut_off_, structure_);
  } else if (Part& parent = open_[open_.size() - 2].part; parent.is_message()) {
    parent.envelope = read_envelope(header_, addresses_left_);
  }
  if (part.is_multipart())
    enter_multipart();
  else if (part.is_message())
    enter_message();
}

void Scanner::State::enter_multipart() {
  Entity& entity = open_.back();
  const std::string_view boundary = usable_boundary(entity.part.parameter("boundary"));
  if (boundary.empty()) {
    entity.part.type = "text";
    entity.part.subtype = "plain";
    entity.part.parameters.clear();
  } else if (!may_have_children()) {
    entity.part.type = "application";
    entity.part.subtype = "octet-stream";
  } else {
    entity.boundary = boundary;
  }
}

void Scanner::State::enter_message() {
  if (may_have_children()) return open(line_begin_);
  open_.back().part.type = "application";
  open_.back().part.subtype = "octet-stream";
}

// The current line is a delimiter, or the message is over: the entities below `levels` end in front of the
// line end that precedes it. An entity whose header reaches up to the line has nothing behind, so it keeps
// that line end, and so do those around it.
void Scanner::State::close_down_to(std::size_t levels, std::size_t line_end_octets) {
  while (in_header_) end_header();
  std::uint64_t end = line_begin_ - line_end_octets;
  std::uint64_t line_ends = line_ends_ - (line_end_octets > 0);
  while (open_.size() > levels) {
    Entity entity = std::move(open_.back());
    open_.pop_back();
    Part& part = entity.part;
    if (part.body.begin > end) {
      end = line_begin_;
      line_ends = line_ends_;
    }
    part.body.end = end;
    part.lines = line_ends - entity.lines_before;
    if (part.is_multipart() && part.children.empty()) {
      Part& stand_in = part.children.emplace_back();
      stand_in.header = stand_in.body = {end, end};
      ++parts_;
    }
    if (open_.empty())
      structure_.root = std::move(part);
    else
      open_.back().part.children.push_back(std::move(part));
  }
}

Structure Scanner::State::finish() {
  if (line_octets_ > 0) end_line(0);
  close_down_to(0, 0);
  return std::move(structure_);
}

Scanner::Scanner() : state_(std::make_unique<State>()) {}
Scanner::~Scanner() = default;
Scanner::Scanner(Scanner&&) noexcept = default;
Scanner& Scanner::operator=(Scanner&&) noexcept = default;
void Scanner::feed(std::string_view octets) {
  state_->feed(octets);
}
Structure Scanner::finish() {
  return state_->finish();
}

Structure scan(std::string_view message) {
  Scanner scanner;
  scanner.feed(message);
  return scanner.finish();
}

}  // namespace postern::mime
