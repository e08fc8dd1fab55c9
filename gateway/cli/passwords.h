// Where a new password comes from. Never from the arguments: every user of the machine can read those.
#pragma once

#include <string>

#include "gateway/base/secret.h"
#include "storage/model/account.h"

namespace CLI {
class App;
}

namespace postern::cli {

constexpr std::size_t kPasswordOctetsMin = 8;

struct PasswordSource {
  bool from_stdin = false;
  bool hash_from_stdin = false;
  bool generate = false;
};
void add_password_options(CLI::App& command, PasswordSource& source);

struct NewPassword {
  Secret secret;
  bool generated = false;  // so it must be shown, once
  bool is_hash = false;    // crypt(5), brought along from another server
};

// Asks twice on a terminal if the source names nothing else. invalid: too short, not repeated alike, or
// nobody to ask.
Result<NewPassword> new_password(const PasswordSource& source);

// 100 bits, without letters that look alike.
Secret generated_password();

}  // namespace postern::cli
