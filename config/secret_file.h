// Files that hold secrets: a key, a password. Refused when others than owner and group may read them.
#pragma once

#include <string>

#include "gateway/base/result.h"
#include "gateway/base/secret.h"

namespace postern {

constexpr std::size_t kSecretOctetsMax = 4096;

// Empty when the file is fine to read, else what is wrong with it, to stand after its name.
std::string check_file(const std::string& path, bool is_secret);
// Without its last line end. The error's detail stands after the file's name.
Result<Secret> read_secret(const std::string& path);

}  // namespace postern
