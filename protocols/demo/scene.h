// Scene: one request of the demo page, answered while things happen by a JSON object per line: what a client
// and the server say to each other, and what the client makes of it. Every line tells when, in milliseconds
// of the machine's steady clock, which all workers share. When the page goes, the scene's connections end.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "protocols/admin/answer.h"
#include "protocols/http/exchange.h"

namespace postern::demo {

using admin::Json;

class Wire;

enum class Speaker : std::uint8_t { client, server };

class Scene {
 public:
  // The exchange's body has been read.
  explicit Scene(http::Exchange& exchange) : exchange_(exchange) {}
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  // All of these: closed, timed_out: nobody looks any more.
  Task<Result<void>> begin();
  Task<Result<void>> said(Speaker who, std::string text);
  // A fact for the page: `facts` is an object, or null.
  Task<Result<void>> tell(std::string_view what, Json facts = Json());
  Task<Result<void>> end();

  bool over() const { return exchange_.gone(); }

 private:
  friend class Wire;
  Task<Result<void>> write(Json line);

  http::Exchange& exchange_;
  std::unordered_set<Wire*> wires_;
};

}  // namespace postern::demo
