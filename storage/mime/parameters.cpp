// Reads parameters one by one, then joins the pieces of RFC 2231. Time is linear in the text: a quote or
// comment that never ends is looked for once.
#include "storage/mime/parameters.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "gateway/base/text.h"

namespace postern::mime {
namespace {

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// Octets of the comment at the front, nested ones included; nullopt if it never ends.
std::optional<std::size_t> comment_octets(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '(')
      ++depth;
    else if (text[i] == ')' && --depth == 0)
      return i + 1;
  }
  return std::nullopt;
}

void skip_blanks_and_comments(std::string_view& text) {
  while (!text.empty()) {
    if (is_blank(text.front()))
      text.remove_prefix(1);
    else if (text.front() == '(')
      text.remove_prefix(comment_octets(text).value_or(text.size()));
    else
      return;
  }
}

// A parameter as written: name*3*=value is {name, 3, encoded, value}.
struct Piece {
  std::string name;
  std::optional<std::uint32_t> number;
  bool encoded = false;
  std::string value;
};

class ParameterReader {
 public:
  explicit ParameterReader(std::string_view text) : text_(text) {}
  std::vector<Piece> read();

 private:
  bool next(Piece& piece);
  std::string take_quoted();
  std::string take_bare();
  bool value_ends_at(std::size_t at) const;

  std::string_view text_;
  bool quotes_end_ = true;
};

std::string ParameterReader::take_quoted() {
  std::string value;
  for (std::size_t i = 1; i < text_.size(); ++i) {
    if (text_[i] == '"') {
      text_.remove_prefix(i + 1);
      return value;
    }
    if (text_[i] == '\\' && i + 1 < text_.size()) ++i;
    value += text_[i];
  }
  quotes_end_ = false;
  text_.remove_prefix(1);
  return take_bare();
}

// Whether a bare value is over when only blanks separate it from what stands at `at`: a comment that closes
// the parameter, or the next parameter, its semicolon forgotten.
bool ParameterReader::value_ends_at(std::size_t at) const {
  if (at >= text_.size() || text_[at] == ';') return true;
  if (text_[at] == '(') {
    const std::optional<std::size_t> octets = comment_octets(text_.substr(at));
    if (!octets) return true;
    const auto behind = text_.find_first_not_of(" \t", at + *octets);
    return behind == std::string_view::npos || text_[behind] == ';';
  }
  std::size_t end = at;
  while (end < text_.size() && is_token_octet(text_[end])) ++end;
  return end > at && end < text_.size() && text_[end] == '=';
}

// A token by the book. Blanks inside are kept because file names have them: name=my file (1).pdf
std::string ParameterReader::take_bare() {
  std::size_t end = 0;
  while (end < text_.size() && text_[end] != ';') {
    if (!is_blank(text_[end]) && text_[end] != '(') {
      ++end;
      continue;
    }
    const std::size_t word = std::min(text_.find_first_not_of(" \t", end), text_.size());
    if (value_ends_at(word)) break;
    end = word;
    if (text_[word] == '(') end += comment_octets(text_.substr(word)).value_or(1);
  }
  std::string value(text_.substr(0, end));
  text_.remove_prefix(end);
  return value;
}

bool ParameterReader::next(Piece& piece) {
  while (true) {
    while (!text_.empty() && (is_blank(text_.front()) || text_.front() == ';')) text_.remove_prefix(1);
    skip_blanks_and_comments(text_);
    if (text_.empty()) return false;
    const std::string_view name = take_token(text_);
    if (!name.empty() && !text_.empty() && text_.front() == '=') {
      piece.name = text::to_lower(name);
      break;
    }
    // Not a parameter: goes on behind the next semicolon, or, in front of a token, right here.
    if (name.empty() && !text_.empty() && text_.front() != ';') text_.remove_prefix(1);
  }
  text_.remove_prefix(1);
  skip_blanks_and_comments(text_);
  const bool quoted = quotes_end_ && !text_.empty() && text_.front() == '"';
  piece.value = quoted ? take_quoted() : take_bare();
  return true;
}

// "name*", "name*3", "name*3*". A name with other stars in it is just a name.
void read_stars(Piece& piece) {
  std::string_view name = piece.name;
  const bool encoded = name.size() > 1 && name.back() == '*';
  if (encoded) name.remove_suffix(1);
  const auto star = name.rfind('*');
  if (star != std::string_view::npos) {
    const std::string_view digits = name.substr(star + 1);
    const std::optional<std::uint64_t> number = text::number(digits, kParametersMax);
    if (!number || star == 0) return;
    piece.number = static_cast<std::uint32_t>(*number);
    name = name.substr(0, star);
  }
  piece.encoded = encoded;
  piece.name = std::string(name);
}

std::vector<Piece> ParameterReader::read() {
  std::vector<Piece> pieces;
  Piece piece;
  while (pieces.size() < kParametersMax && next(piece)) {
    read_stars(piece);
    pieces.push_back(std::exchange(piece, {}));
  }
  return pieces;
}

// Beside an encoded piece a plain one is literal text, so what would count as encoding in it is encoded.
void append_literal(std::string& value, std::string_view octets) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : octets) {
    if (is_token_octet(c) && c != '%' && c != '\'' && c != '*') {
      value += c;
    } else {
      const auto octet = static_cast<unsigned char>(c);
      value += {'%', kDigits[octet >> 4], kDigits[octet & 15]};
    }
  }
}

Parameter join(const std::string& name, const std::vector<const Piece*>& pieces) {
  const bool encoded =
      std::any_of(pieces.begin(), pieces.end(), [](const Piece* piece) { return piece->encoded; });
  Parameter whole{.name = encoded ? name + '*' : name, .value = {}};
  if (encoded && !pieces.front()->encoded) whole.value = "''";
  for (const Piece* piece : pieces) {
    if (encoded && !piece->encoded)
      append_literal(whole.value, piece->value);
    else
      whole.value += piece->value;
  }
  return whole;
}

// The pieces numbered 0, 1, 2 … of one name; of two with the same number the first counts.
std::vector<const Piece*> pieces_of(const std::vector<Piece>& pieces, const std::string& name) {
  std::vector<const Piece*> run;
  for (const Piece& piece : pieces) {
    if (piece.number && piece.name == name) run.push_back(&piece);
  }
  std::stable_sort(run.begin(), run.end(),
                   [](const Piece* a, const Piece* b) { return *a->number < *b->number; });
  run.erase(std::unique(run.begin(), run.end(),
                        [](const Piece* a, const Piece* b) { return *a->number == *b->number; }),
            run.end());
  std::size_t whole = 0;
  while (whole < run.size() && *run[whole]->number == whole) ++whole;
  run.resize(whole);
  return run;
}

}  // namespace

bool is_token_octet(char c) {
  return c > ' ' && c < 0x7f && std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
}

std::string_view take_token(std::string_view& text) {
  skip_blanks_and_comments(text);
  std::size_t octets = 0;
  while (octets < text.size() && is_token_octet(text[octets])) ++octets;
  const std::string_view token = text.substr(0, octets);
  text.remove_prefix(octets);
  skip_blanks_and_comments(text);
  return token;
}

std::vector<Parameter> parse_parameters(std::string_view text) {
  const std::vector<Piece> pieces = ParameterReader(text).read();
  std::vector<Parameter> parameters;
  for (const Piece& piece : pieces) {
    if (!piece.number) {
      parameters.push_back({piece.encoded ? piece.name + '*' : piece.name, piece.value});
    } else if (*piece.number == 0) {
      const std::vector<const Piece*> run = pieces_of(pieces, piece.name);
      if (run.front() == &piece) parameters.push_back(join(piece.name, run));
    }
  }
  return parameters;
}

}  // namespace postern::mime
