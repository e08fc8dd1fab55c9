#include "storage/name_words.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mime/fold.h"

namespace postern {

namespace {

bool is_punctuation(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet > ' ' && octet < 0x7F && !text::is_alpha(c) && !text::is_digit(c);
}

// U+0300 to U+036F, which folding has taken off their letters: CC 80 … CD AF in UTF-8.
bool is_mark(std::string_view folded, std::size_t at) {
  if (at + 1 >= folded.size()) return false;
  const auto first = static_cast<unsigned char>(folded[at]);
  const auto second = static_cast<unsigned char>(folded[at + 1]);
  return first == 0xCC || (first == 0xCD && second <= 0xAF);
}

// Blanks and control octets are all one blank.
std::string plain(std::string_view text) {
  const std::string folded = mime::fold(text, kFoldedNameOctetsMax);
  std::string out;
  for (std::size_t at = 0; at < folded.size(); ++at) {
    const auto octet = static_cast<unsigned char>(folded[at]);
    if (is_mark(folded, at)) {
      ++at;
    } else {
      out += octet <= ' ' || octet == 0x7F ? ' ' : folded[at];
    }
  }
  return out;
}

std::string_view without_punctuation_around(std::string_view word) {
  while (!word.empty() && is_punctuation(word.front())) word.remove_prefix(1);
  while (!word.empty() && is_punctuation(word.back())) word.remove_suffix(1);
  return word;
}

}  // namespace

std::vector<std::string> name_words(std::string_view display_name) {
  std::vector<std::string> words;
  const std::string folded = plain(display_name);
  for (std::string_view piece : text::split(folded, ' ')) {
    std::string_view word = without_punctuation_around(piece);
    while (!word.empty()) {
      words.emplace_back(word);
      const auto* const inner = std::find_if(word.begin(), word.end(), is_punctuation);
      word.remove_prefix(static_cast<std::size_t>(inner - word.begin()));
      word = without_punctuation_around(word);
    }
  }
  return words;
}

std::vector<std::string> sought_words(std::string_view typed) {
  std::vector<std::string> words;
  const std::string folded = plain(typed);
  for (std::string_view piece : text::split(folded, ' ')) {
    const std::string_view word = without_punctuation_around(piece);
    if (!word.empty() && words.size() < kSoughtWordsMax) words.emplace_back(word);
  }
  return words;
}

}  // namespace postern
