// YAML text as a tree of plain values with their places. The only door to yaml-cpp, so no other file sees its
// types or its exceptions. Aliases are refused, not followed: nothing can expand. YAML 1.2, one document.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace postern {

struct YamlNode {
  enum class Kind { null, scalar, list, map };

  Kind kind = Kind::null;
  int line = 0;    // from 1
  int column = 0;  // from 1
  std::string scalar;
  std::vector<YamlNode> items;  // of a list, or the values of a map
  std::vector<YamlNode> keys;   // of a map, beside items; scalars all
};

struct YamlMistake {
  int line = 0;  // 0: the text as a whole
  int column = 0;
  std::string text;
};

constexpr std::size_t kYamlOctetsMax = 262144;
constexpr std::size_t kYamlDepthMax = 16;

// An empty text is a null node.
std::variant<YamlNode, YamlMistake> parse_yaml(const std::string& text,
                                               std::size_t octets_max = kYamlOctetsMax);

}  // namespace postern
