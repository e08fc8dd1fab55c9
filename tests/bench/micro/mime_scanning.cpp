// From the octets of a delivery to its structure.
#include "storage/mime/scanner.h"
#include "tests/bench/client/messages.h"
#include "tests/bench/micro/hot_paths.h"

namespace postern::bench {

namespace {

Operation scanning(const std::string& name, std::string message) {
  const std::uint64_t octets = message.size();
  return {"mime_scan/" + name, octets,
          [message = std::move(message)] { return mime::scan(message).list_headers.size(); }};
}

}  // namespace

std::vector<Operation> mime_scanning() {
  const Messages small(Sizes::small, "micro");
  const Messages large(Sizes::given, "micro", 1'000'000);
  return {
      scanning("text_2k", small.octets(0)),
      scanning("alternative_2k", small.octets(1)),
      scanning("mixed_20k", small.octets(3)),
      scanning("mixed_1m", large.octets(1)),
  };
}

}  // namespace postern::bench
