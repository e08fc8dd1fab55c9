// Passwords that people choose and that we make.
#pragma once

#include <string>

#include "protocols/admin/call.h"
#include "storage/model/account.h"

namespace postern::admin {

constexpr std::size_t kPasswordOctetsMin = 8;

// What is wrong with it, in words; empty: nothing.
std::string password_fault(const std::string& password);
// On the thread pool, as log-in does. invalid.
Task<Result<Credentials>> hashed(const Call& call, Secret password);
// 120 bits as "abcd-efgh-…", and what is kept of it.
std::string new_app_password();
std::string app_password_hash(const std::string& password);
// A token or the proof of a session: 256 bits, hexadecimal.
std::string new_proof();

}  // namespace postern::admin
