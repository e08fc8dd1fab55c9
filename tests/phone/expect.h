// What ends a phone's run: something that a real phone would not have coped with.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace postern::phone {

// The server has done what no phone expects. The text says what, and where.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What a step is about is not in the phone's copy of the mailbox.
struct NotThere : Broken {
  using Broken::Broken;
};

// The server does not want this phone: a status of HTTP's or of the command (126 to 131, 177).
struct Refused : std::runtime_error {
  Refused(int http_status, int command_status);
  const int http;
  const int status;  // 0: none was told
};

inline void expect(bool holds, std::string_view otherwise) {
  if (!holds) throw Broken(std::string(otherwise));
}

}  // namespace postern::phone
