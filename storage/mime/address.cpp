// One pass over an address list. RFC 5322 §3.4 (addresses), §3.2.2 (comments), §4.4 (obsolete routes).
#include "storage/mime/address.h"

#include <optional>
#include <utility>

#include "gateway/base/text.h"
#include "storage/mime/decode.h"

namespace postern::mime {
namespace {

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// Dots, brackets and backslashes count as atom: display names have them unquoted.
constexpr bool ends_atom(char c) {
  return is_blank(c) || std::string_view("()<>@,;:\"").find(c) != std::string_view::npos;
}

class AddressReader {
 public:
  AddressReader(std::string_view text, std::size_t addresses_max)
      : text_(text), addresses_max_(addresses_max) {}
  std::vector<EnvelopeAddress> read();

 private:
  bool more() const { return at_ < text_.size(); }
  void take_comment();
  void skip_blanks_and_comments();
  std::string take_quoted();
  std::string_view take_atom();
  std::string take_domain();
  std::string take_route();
  void take_angle();
  void add_word(std::string_view word);
  void begin_domain();
  void begin_group();
  void end_group();
  void end_address();

  std::string_view text_;
  std::size_t addresses_max_;
  std::size_t at_ = 0;
  std::vector<EnvelopeAddress> found_;
  bool in_group_ = false;
  // Once a quote is known to have no end, quotes are ordinary octets: looking again would be quadratic.
  bool quotes_end_ = true;

  // The address that is being read.
  std::string phrase_;           // all words, as a display name
  std::string local_;            // the last run of words, as a local part
  std::size_t name_octets_ = 0;  // of phrase_, in front of that run
  std::string comment_;
  bool gap_ = false;  // blanks or a comment since the last word
  std::optional<std::string> host_;
  std::optional<EnvelopeAddress> angle_;  // what stood in <…>
};

// comment = "(" *([FWS] ccontent) [FWS] ")", nested ones kept as text; counted, not recursed into.
void AddressReader::take_comment() {
  comment_.clear();
  gap_ = true;
  std::size_t depth = 0;
  while (more()) {
    char c = text_[at_++];
    if (c == '(' && depth++ == 0) continue;
    if (c == ')' && --depth == 0) break;
    if (c == '\\' && more()) c = text_[at_++];
    comment_ += c;
  }
}

void AddressReader::skip_blanks_and_comments() {
  while (more() && (is_blank(text_[at_]) || text_[at_] == '(')) {
    if (text_[at_] == '(')
      take_comment();
    else
      ++at_;
    gap_ = true;
  }
}

std::string AddressReader::take_quoted() {
  std::string word;
  if (quotes_end_) {
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] == '"') {
        at_ = i + 1;
        return word;
      }
      if (text_[i] == '\\' && i + 1 < text_.size()) ++i;
      word += text_[i];
    }
    quotes_end_ = false;
  }
  ++at_;
  return {};
}

std::string_view AddressReader::take_atom() {
  const std::size_t begin = at_;
  while (more() && !ends_atom(text_[at_])) ++at_;
  return text_.substr(begin, at_ - begin);
}

std::string AddressReader::take_domain() {
  std::string domain;
  skip_blanks_and_comments();
  while (more()) {
    if (text_[at_] == '[') {  // domain-literal: colons and the like are plain text in it
      const auto end = text_.find_first_of("]<>,", at_);
      const std::size_t stop = end == std::string_view::npos ? text_.size() : end + (text_[end] == ']');
      domain += text_.substr(at_, stop - at_);
      at_ = stop;
    } else if (!ends_atom(text_[at_])) {
      const std::string_view atom = take_atom();
      const auto bracket = atom.find('[', 1);
      if (bracket != std::string_view::npos) at_ -= atom.size() - bracket;
      domain += atom.substr(0, bracket);
    }
    const std::size_t before = at_;
    skip_blanks_and_comments();
    const bool dotted = more() && (text_[at_] == '.' || (!domain.empty() && domain.back() == '.'));
    if (!more() || (ends_atom(text_[at_])) || (before != at_ && !dotted)) break;
  }
  return domain;
}

// obs-route = "@" domain *("," "@" domain) ":"; empty, and nothing taken, if this is not one.
std::string AddressReader::take_route() {
  const auto end = text_.find_first_of(":<>\"", at_);
  if (end == std::string_view::npos || text_[end] != ':') return {};
  std::string route;
  for (; at_ < end; ++at_) {
    if (!is_blank(text_[at_])) route += text_[at_];
  }
  ++at_;
  return route;
}

void AddressReader::take_angle() {
  if (angle_) end_address();  // a comma was forgotten
  ++at_;
  angle_.emplace().mailbox.emplace();
  angle_->host.emplace();
  skip_blanks_and_comments();
  if (more() && text_[at_] == '@') {
    if (std::string route = take_route(); !route.empty()) angle_->route = std::move(route);
  }
  bool in_domain = false;
  while (more()) {
    const char c = text_[at_];
    if (c == ',' || c == ';') return;  // never closed
    if (c == '"' && !in_domain) {
      *angle_->mailbox += take_quoted();
    } else if (c == '(') {
      take_comment();
    } else if (c == '@' && !in_domain) {
      ++at_;
      in_domain = true;
      angle_->host = take_domain();
    } else if (ends_atom(c)) {
      ++at_;
      if (c == '>') return;
      if (c == ':' && !in_domain) *angle_->mailbox += c;
    } else {
      const std::string_view atom = take_atom();
      if (!in_domain) *angle_->mailbox += atom;
    }
  }
}

void AddressReader::add_word(std::string_view word) {
  if (angle_ || word.empty()) return;
  if (!host_) {
    const bool joined = !gap_ || word.front() == '.' || (!local_.empty() && local_.back() == '.');
    if (!joined) {
      name_octets_ = phrase_.size();
      local_.clear();
    }
    local_ += word;
  }
  if (gap_ && !phrase_.empty()) phrase_ += ' ';
  phrase_ += word;
  gap_ = false;
}

// The words so far may still turn out to be a display name: "joe@example.org <joe@example.org>".
void AddressReader::begin_domain() {
  ++at_;
  if (angle_) return;
  gap_ = false;
  std::string domain = take_domain();
  phrase_ += '@';
  phrase_ += domain;
  if (!host_) host_ = std::move(domain);
}

void AddressReader::begin_group() {
  ++at_;
  if (host_ || angle_) return;
  end_group();
  if (found_.size() == addresses_max_) return;
  EnvelopeAddress start;
  start.mailbox = std::exchange(phrase_, {});
  found_.push_back(std::move(start));
  in_group_ = true;
  end_address();
}

void AddressReader::end_group() {
  if (in_group_) found_.emplace_back();
  in_group_ = false;
}

void AddressReader::end_address() {
  std::optional<EnvelopeAddress> address = std::move(angle_);
  if (!address && (host_ || !phrase_.empty())) {
    address.emplace().mailbox = std::move(host_ ? local_ : phrase_);
    address->host = host_.value_or("");
    phrase_.resize(host_ ? name_octets_ : 0);
  }
  if (address) {
    const std::string_view name = text::trim(phrase_.empty() ? comment_ : phrase_);
    if (!name.empty()) address->name = name;
    found_.push_back(*std::move(address));
  }
  phrase_.clear();
  local_.clear();
  comment_.clear();
  name_octets_ = 0;
  gap_ = false;
  host_.reset();
  angle_.reset();
}

std::vector<EnvelopeAddress> AddressReader::read() {
  while (more() && found_.size() < addresses_max_) {
    switch (text_[at_]) {
      case ' ':
      case '\t':
      case '(': skip_blanks_and_comments(); break;
      case '"': add_word(take_quoted()); break;
      case '<': take_angle(); break;
      case '@': begin_domain(); break;
      case ':': begin_group(); break;
      case ',':
        ++at_;
        end_address();
        break;
      case ';':
        ++at_;
        end_address();
        end_group();
        break;
      case '>':
      case ')': ++at_; break;
      default: add_word(take_atom());
    }
  }
  if (found_.size() < addresses_max_) end_address();
  end_group();
  return std::move(found_);
}

}  // namespace

std::vector<EnvelopeAddress> parse_addresses(std::string_view value, std::size_t addresses_max) {
  return AddressReader(value, addresses_max).read();
}

std::string display(const std::vector<EnvelopeAddress>& addresses, std::size_t octets_max) {
  std::string out;
  bool first = true;
  for (const EnvelopeAddress& address : addresses) {
    std::string text;
    if (!address.host) {
      text = address.mailbox ? decode_text(*address.mailbox) + ":" : ";";
    } else {
      text = decode_text(address.mailbox.value_or(""));
      if (!address.host->empty()) text += '@' + decode_text(*address.host);
      if (address.name) text = decode_text(*address.name) + " <" + text + '>';
    }
    const bool is_end = !address.host && !address.mailbox;
    const std::string_view separator = first || is_end ? "" : out.ends_with(':') ? " " : ", ";
    if (out.size() + separator.size() + text.size() > octets_max) break;
    out += separator;
    out += text;
    first = false;
  }
  return out;
}

}  // namespace postern::mime
