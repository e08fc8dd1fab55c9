// The table of operations: each row is one of the contract's, with what it needs. The router, the rights, the
// test that walks the contract and the matrix of roles all go by it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "protocols/admin/call.h"

namespace postern::admin {

using Run = Task<Result<Answer>> (*)(Call&);

enum class Needs : std::uint8_t {
  nothing,  // anybody may ask
  sign_in,
  scope,
};
enum class Body : std::uint8_t { none, object };
enum class Repeat : std::uint8_t { as_it_comes, by_key };  // by_key: takes an Idempotency-Key

struct Operation {
  const char* method;
  const char* path;  // below kApiRoot; "{…}" is one segment
  Needs needs;
  Scope scope;  // if that is what it needs
  Body body;
  Repeat repeat;
  Run run;
};

constexpr const char* kApiRoot = "/api/v1";

std::span<const Operation> operations();

// The operation for a method and a path below kApiRoot, and the path's arguments, decoded. nullptr: none.
const Operation* find_operation(std::string_view method, std::string_view path,
                                std::vector<std::string>& args);
// The methods of a path, for Allow; empty: there is no such path.
std::vector<std::string_view> methods_of(std::string_view path);

}  // namespace postern::admin
