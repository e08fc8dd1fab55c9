#include "protocols/http/router.h"

#include <algorithm>

#include "gateway/base/text.h"

namespace postern::http {

namespace {

bool is_below(std::string_view path, std::string_view pattern) {
  return pattern.ends_with("/*") && text::starts_with_same(path, pattern.substr(0, pattern.size() - 1));
}

}  // namespace

const Route* Router::find(std::string_view method, std::string_view path) const {
  for (const Route& route : routes_) {
    if (route.method == method && text::same(route.path, path)) return &route;
  }
  for (const Route& route : routes_) {
    if (route.method == method && is_below(path, route.path)) return &route;
  }
  return method == "HEAD" ? find("GET", path) : nullptr;
}

std::vector<std::string> Router::methods(std::string_view path) const {
  std::vector<std::string> allowed;
  for (const Route& route : routes_) {
    const bool fits = path == "*" || text::same(route.path, path) || is_below(path, route.path);
    if (fits) allowed.push_back(route.method);
  }
  if (allowed.empty()) return allowed;
  const bool has_get = std::count(allowed.begin(), allowed.end(), "GET") > 0;
  if (has_get) allowed.emplace_back("HEAD");
  allowed.emplace_back("OPTIONS");
  std::sort(allowed.begin(), allowed.end());
  allowed.erase(std::unique(allowed.begin(), allowed.end()), allowed.end());
  return allowed;
}

}  // namespace postern::http
