#include "tests/support/transcript_words.h"

#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "gateway/base/text.h"
#include "tests/support/transcript.h"

namespace postern::tests {

namespace {

// What a word means wherever it stands; nullopt: a name.
std::optional<std::string> value_of(const std::string& word) {
  if (word.starts_with("size:")) return std::to_string(corpus_message(word.substr(5)).size());
  if (word.starts_with("base64:")) return text::base64(unescape(word.substr(7)));
  const std::size_t star = word.rfind('*');
  if (star == std::string::npos || star == 0) return std::nullopt;
  const auto times = text::number(std::string_view(word).substr(star + 1));
  if (!times) return std::nullopt;
  std::string repeated;
  for (std::uint64_t i = 0; i < *times; ++i) repeated += word.substr(0, star);
  return repeated;
}

struct Piece {
  std::string text;
  std::optional<std::string> word;  // after the text
};

std::vector<Piece> pieces_of(const std::string& pattern) {
  std::vector<Piece> pieces(1);
  std::size_t at = 0;
  while (true) {
    const std::size_t begin = pattern.find("${", at);
    const std::size_t end = begin == std::string::npos ? begin : pattern.find('}', begin);
    if (end == std::string::npos) {
      pieces.back().text += pattern.substr(at);
      return pieces;
    }
    pieces.back().text += pattern.substr(at, begin - at);
    std::string word = pattern.substr(begin + 2, end - begin - 2);
    at = end + 1;
    if (auto value = value_of(word)) {
      pieces.back().text += *value;
    } else {
      pieces.back().word = std::move(word);
      pieces.emplace_back();
    }
  }
}

}  // namespace

std::string TranscriptWords::fill_in(const std::string& text) const {
  std::string filled;
  for (const Piece& piece : pieces_of(text)) {
    filled += piece.text;
    if (!piece.word) continue;
    const auto known = captured_.find(*piece.word);
    if (known == captured_.end()) throw std::runtime_error("nothing was captured as " + *piece.word);
    filled += known->second;
  }
  return filled;
}

bool TranscriptWords::matches(const std::string& pattern, const std::string& line) {
  std::vector<Piece> pieces = pieces_of(pattern);
  // What is known is text; the rest must be followed by some, or by the end.
  for (std::size_t i = 0; i + 1 < pieces.size();) {
    const auto known = captured_.find(pieces[i].word.value_or(std::string()));
    if (known == captured_.end()) {
      ++i;
      continue;
    }
    pieces[i].text += known->second + pieces[i + 1].text;
    pieces[i].word = pieces[i + 1].word;
    pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
  std::map<std::string, std::string> found;
  if (!line.starts_with(pieces.front().text)) return false;
  std::size_t at = pieces.front().text.size();
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
    const bool last = i + 2 == pieces.size();
    const std::string& next = pieces[i + 1].text;
    std::size_t end = last ? line.size() - std::min(line.size(), next.size()) : line.find(next, at);
    if (end == std::string::npos || end < at || line.compare(end, next.size(), next) != 0) return false;
    found[*pieces[i].word] = line.substr(at, end - at);
    at = end + next.size();
  }
  if (at != line.size()) return false;
  found.erase("*");
  captured_.merge(found);
  return true;
}

std::string corpus_message(const std::string& name) {
  std::ifstream file(std::string(POSTERN_SOURCE_DIR) + "/tests/support/corpus/" + name, std::ios::binary);
  if (!file) throw std::runtime_error("no message " + name + " in tests/support/corpus");
  const std::string stored((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::string octets;
  for (const char c : stored) {
    if (c == '\n' && (octets.empty() || octets.back() != '\r')) octets += '\r';
    octets += c;
  }
  return octets;
}

}  // namespace postern::tests
