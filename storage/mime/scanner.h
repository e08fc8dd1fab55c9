// Scanner: finds the structure of a message while its octets stream past, in one pass and in bounded memory.
// Any split of the octets gives the same Structure.
#pragma once

#include <memory>
#include <string_view>

#include "storage/mime/part.h"

namespace postern::mime {

class Scanner {
 public:
  Scanner();
  ~Scanner();
  Scanner(Scanner&&) noexcept;
  Scanner& operator=(Scanner&&) noexcept;

  void feed(std::string_view octets);
  // Once, after the last octet.
  Structure finish();

 private:
  class State;
  std::unique_ptr<State> state_;
};

// All at once.
Structure scan(std::string_view message);

}  // namespace postern::mime
