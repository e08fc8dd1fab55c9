// Method and path → handler; an exact path comes before one that ends in a star. Paths compare without case,
// as Microsoft's servers do and phones count on.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/async/task.h"
#include "gateway/base/result.h"

namespace postern::http {

class Exchange;

// Answers through the exchange. An Error before an answer has begun is answered by its kind (problem.h);
// after that, and for `closed`, the connection ends. A call of a coroutine, never a capturing lambda that is
// one itself; what it captures outlives the door.
using Handler = std::function<Task<Result<void>>(Exchange&)>;

struct Route {
  std::string method;
  std::string path;                   // exact, or "/below/*" for every path that begins with "/below/"
  std::uint64_t body_octets_max = 0;  // more is refused with 413 before the handler is entered
  Handler handler;
};

class Router {
 public:
  void add(Route route) { routes_.push_back(std::move(route)); }

  // HEAD is answered by GET's handler unless it has its own. nullptr: nothing for this method.
  const Route* find(std::string_view method, std::string_view path) const;
  // What may be asked of a path, for Allow; empty: there is no such path.
  std::vector<std::string> methods(std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace postern::http
