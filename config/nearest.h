// "Did you mean": the known word that a misspelt one most likely stands for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

// Edits between two words: insert, remove, replace, or swap two neighbours (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);

// nullopt when nothing is near enough to be worth saying.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace postern
