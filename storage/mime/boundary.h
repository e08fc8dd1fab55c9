// Delimiter lines of multiparts. RFC 2046 §5.1.1 and §5.1.2.
//
// A line is a delimiter if it begins with "--" and the boundary, then perhaps "--", and then no octet that
// could go on as a boundary: trailing text is allowed by the RFC, but "--abcd" must not end a part of "abc".
// If several open multiparts match, the longest boundary wins; of equal ones the outermost, because a
// delimiter of an outer level ends all levels inside.
#pragma once

#include <cstddef>
#include <string_view>

namespace postern::mime {

// RFC 2046 allows 70. A longer one than this does not count as a boundary.
constexpr std::size_t kBoundaryOctetsMax = 256;
// As much of a line as the decision needs: "--" boundary "--" and one more.
constexpr std::size_t kDelimiterOctetsMax = kBoundaryOctetsMax + 5;

class DelimiterMatch {
 public:
  // `line` begins with "--" and has no line end; levels are offered outermost first.
  void consider(std::string_view line, std::string_view boundary, std::size_t level);

  bool found() const { return boundary_octets_ > 0; }
  bool closes() const { return closes_; }
  std::size_t level() const { return level_; }

 private:
  std::size_t boundary_octets_ = 0;
  std::size_t level_ = 0;
  bool closes_ = false;
};

// The boundary as it is compared: without the blanks at the end that gateways add. Empty: unusable.
std::string_view usable_boundary(std::string_view parameter);

}  // namespace postern::mime
