#include "protocols/imap/grammar/framer.h"

#include <algorithm>
#include <optional>

#include "gateway/base/http_line.h"
#include "gateway/base/text.h"
#include "protocols/imap/grammar/cursor.h"

namespace postern::imap {

namespace {

std::size_t lists_in(std::string_view line) {
  std::size_t count = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (quoted && line[i] == '\\') ++i;
    if (!quoted && line[i] == '(') ++count;
  }
  return count;
}

bool is_tag(std::string_view word) {
  return !word.empty() && word.size() <= kTagOctetsMax && std::all_of(word.begin(), word.end(), is_tag_char);
}

}  // namespace

std::optional<LiteralAnnouncement> literal_announced(std::string_view line) {
  if (!line.ends_with('}')) return std::nullopt;
  LiteralAnnouncement found;
  found.brace = line.rfind('{');
  if (found.brace == std::string_view::npos) return std::nullopt;
  std::string_view digits = line.substr(found.brace + 1, line.size() - found.brace - 2);
  if (digits.ends_with('+')) {
    found.synchronizing = false;
    digits.remove_suffix(1);
  }
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), text::is_digit)) return std::nullopt;
  found.octets = text::number(digits, kNumber63Max);
  return found;
}

void Framer::reset() {
  frame_ = Frame();
  octets_ = std::string();
  lists_ = literals_ = skipped_ = arguments_at_ = 0;
  literal_has_nul_ = skipping_ = false;
}

FramerState Framer::refuse(std::string text, RefusalTraits traits) {
  refusal_.tag = std::move(frame_.tag);
  refusal_.text = std::move(text);
  refusal_.too_big = traits.too_big;
  refusal_.close = traits.close || (traits.too_big && limits_.strangers);
  reset();
  return FramerState::refused;
}

FramerState Framer::line(const InputLine& line) {
  if (skipping_) return skip(line);
  // What follows a refused line is a command, not the literal that the line may have announced.
  const std::optional<LiteralAnnouncement> literal = literal_announced(line.text);
  const RefusalTraits plain{.close = literal && !literal->synchronizing};
  if (octets_.empty()) {
    const std::string_view word = line.text.substr(0, line.text.find(' '));
    if (limits_.strangers && is_http_line(line.text)) return refuse("This is not HTTP", {.close = true});
    if (!is_tag(word)) {
      if (line.too_long) return start_skipping(line);
      return refuse("Expected a tag", plain);
    }
    frame_.tag = word;
  }
  if (line.too_long || line.text.size() > limits_.line_octets_max) return start_skipping(line);
  if (line.has_nul) return refuse("NUL is not allowed", plain);
  if (line.has_bare_cr) return refuse("CR without LF is not allowed", plain);
  if (octets_.size() + line.text.size() > limits_.total_octets_max) {
    return refuse("Command too long", {.too_big = true, .close = plain.close});
  }
  lists_ += lists_in(line.text);
  if (lists_ > limits_.lists_max) return refuse("Too many lists", {.close = true});

  const std::size_t line_at = octets_.size();
  octets_ += line.text;
  if (frame_.name.empty() && !read_name()) return refuse("Expected a command", plain);
  if (literal) return announce(line_at + literal->brace, literal->octets, literal->synchronizing);
  if (literal_has_nul_ && frame_.name != "SETMETADATA") return refuse("NUL is not allowed", {});
  return FramerState::complete;
}

// command = tag SP name [SP name] [SP arguments]; the two-word names all start with UID.
bool Framer::read_name() {
  std::string_view rest = std::string_view(octets_).substr(std::min(frame_.tag.size() + 1, octets_.size()));
  const auto take_word = [&rest, this] {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    if (word.empty() || !std::all_of(word.begin(), word.end(), is_atom_char)) return false;
    if (!frame_.name.empty()) frame_.name += ' ';
    frame_.name += text::to_upper(word);
    return frame_.name.size() <= kCommandNameOctetsMax;
  };
  if (!take_word() || (frame_.name == "UID" && !take_word())) return false;
  arguments_at_ = octets_.size() - rest.size();
  return true;
}

// "… CATENATE (… URL " of an APPEND or REPLACE: the literal is a URL (RFC 4469).
bool announces_url(std::string_view before) {
  constexpr std::string_view kUrl = "URL ";
  constexpr std::string_view kCatenate = "CATENATE (";
  if (before.size() <= kUrl.size() || !text::same(before.substr(before.size() - kUrl.size()), kUrl))
    return false;
  const char in_front = before[before.size() - kUrl.size() - 1];
  if (in_front != '(' && in_front != ' ') return false;
  return text::to_upper(before).find(kCatenate) != std::string::npos;
}

// A mailbox may be a literal too: the first argument of APPEND, the second of REPLACE.
bool Framer::announces_message(std::size_t brace) const {
  if (limits_.strangers) return false;
  const std::string_view before = std::string_view(octets_).substr(arguments_at_, brace - arguments_at_);
  if (announces_url(before)) return false;
  if (frame_.name == "APPEND") return !before.empty();
  if (frame_.name != "REPLACE" && frame_.name != "UID REPLACE") return false;
  return before.find(' ') + 1 != before.size();
}

FramerState Framer::announce(std::size_t brace, std::optional<std::uint64_t> octets, bool synchronizing) {
  const bool close = !synchronizing;
  if (!octets) return refuse("Literal too long", {.too_big = limits_.strangers, .close = close});
  literal_left_ = *octets;
  synchronizing_ = synchronizing;
  if (announces_message(brace)) return FramerState::message;
  if (*octets > limits_.literal_octets_max)
    return refuse("Literal too long", {.too_big = true, .close = close});
  if (++literals_ > limits_.literals_max)
    return refuse("Too many literals", {.too_big = true, .close = close});
  octets_ += "\r\n";
  if (octets_.size() + *octets > limits_.total_octets_max) {
    return refuse("Command too long", {.too_big = true, .close = close});
  }
  return FramerState::need_literal;
}

FramerState Framer::literal(std::string_view octets) {
  octets = octets.substr(0, literal_left_);
  literal_has_nul_ = literal_has_nul_ || octets.find('\0') != std::string_view::npos;
  octets_ += octets;
  literal_left_ -= octets.size();
  return literal_left_ > 0 ? FramerState::need_literal : FramerState::need_line;
}

FramerState Framer::start_skipping(const InputLine& line) {
  if (limits_.strangers) return refuse("Line too long", {.too_big = true});
  skipping_ = true;
  return skip(line);
}

// The tail of a cut line may be half of "{5+}": what ends like one cannot be followed safely.
FramerState Framer::skip(const InputLine& line) {
  skipped_ += line.text.size();
  if (skipped_ > limits_.total_octets_max) return refuse("Line too long", {.too_big = true, .close = true});
  if (line.too_long) return FramerState::need_line;
  return refuse("Line too long", {.too_big = true, .close = line.text.ends_with("+}")});
}

Frame Framer::take_frame() {
  octets_.erase(0, arguments_at_);
  frame_.arguments = std::move(octets_);
  Frame taken = std::move(frame_);
  reset();
  return taken;
}

Refusal Framer::take_refusal() {
  return std::move(refusal_);
}

}  // namespace postern::imap
