// boundary := 0*69<bchars> bcharsnospace                                              RFC 2046 §5.1.1
#include "storage/mime/boundary.h"

#include "gateway/base/text.h"

namespace postern::mime {
namespace {

bool is_boundary_octet(char c) {
  return text::is_alpha(c) || text::is_digit(c) ||
         std::string_view("'()+_,-./:=?").find(c) != std::string_view::npos;
}

bool ends_here(std::string_view rest) {
  return rest.empty() || !is_boundary_octet(rest.front());
}

}  // namespace

void DelimiterMatch::consider(std::string_view line, std::string_view boundary, std::size_t level) {
  constexpr std::string_view kDashes = "--";
  if (boundary.size() <= boundary_octets_) return;
  std::string_view rest = line.substr(kDashes.size());
  if (!rest.starts_with(boundary)) return;
  rest.remove_prefix(boundary.size());
  const bool closes = rest.starts_with(kDashes) && ends_here(rest.substr(kDashes.size()));
  if (!closes && !ends_here(rest)) return;
  boundary_octets_ = boundary.size();
  level_ = level;
  closes_ = closes;
}

std::string_view usable_boundary(std::string_view parameter) {
  while (!parameter.empty() && (parameter.back() == ' ' || parameter.back() == '\t'))
    parameter.remove_suffix(1);
  return parameter.size() <= kBoundaryOctetsMax ? parameter : std::string_view();
}

}  // namespace postern::mime
