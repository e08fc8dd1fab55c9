// The product's own sources as the rules about them see them: lines, code without comments and literals,
// literals.
#pragma once

#include <string>
#include <vector>

namespace postern {

struct Literal {
  int line = 0;
  std::string text;  // as written, escapes and all
};

struct SourceFile {
  std::string path;                // from the repository's root
  std::vector<std::string> lines;  // as they stand
  std::vector<std::string> code;   // the same, with comments and the insides of literals blanked
  std::vector<Literal> literals;

  bool is_cpp() const;
};

SourceFile scan_source(std::string path, const std::string& content);

// Every file under gateway, protocols, storage and config.
const std::vector<SourceFile>& product_sources();
bool repository_has(const std::string& path);

}  // namespace postern
