// The words by which an address book finds a person: folded (storage/mime/fold.h) and without combining
// marks, so that "muller" finds Müller. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

constexpr std::size_t kSoughtWordsMax = 8;
constexpr std::size_t kFoldedNameOctetsMax = 400;  // what is beyond does not count

// Of a display name, in its order: each word without punctuation around it, then each part of it that stands
// behind punctuation ("müller-lüdenscheidt" and "lüdenscheidt").
std::vector<std::string> name_words(std::string_view display_name);

// Of what somebody typed: the first kSoughtWordsMax words between blanks, without punctuation around them.
std::vector<std::string> sought_words(std::string_view typed);

}  // namespace postern
