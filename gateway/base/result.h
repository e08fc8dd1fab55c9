// Errors are values: a Result<T> is a T or one of eleven kinds of refusal. Each protocol translates a
// kind once; Error::detail is for the log and never reaches a client. Exceptions remain for bugs.
//
// Result answers to the names of std::expected, which GCC 12 has only in C++23.
#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace postern {

enum class ErrorKind {
  invalid,         // the caller's input is wrong
  not_found,       // no such account, mailbox, message …; also what is not theirs
  already_exists,  // a name or key is taken
  denied,          // wrong credentials, or a right or feature that is missing
  over_quota,      // the account has no room
  too_large,       // beyond a limit of size or number
  stale,           // a condition on a version did not hold
  timed_out,       // a deadline passed
  closed,          // the peer, a channel or this process is going away
  unavailable,     // the database or another service cannot answer now; try again
  internal,        // a bug or corruption; logged as such
};

std::string_view name_of(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string detail;

  Error(ErrorKind k, std::string d) : kind(k), detail(std::move(d)) {}
  explicit Error(ErrorKind k) : kind(k) {}
  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& operator*() & {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& operator*() const& {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& operator*() && {
    assert(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }
  T& value() & { return **this; }
  T&& value() && { return *std::move(*this); }

  const Error& error() const& {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    assert(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

  T value_or(T other) && { return has_value() ? *std::move(*this) : std::move(other); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)), failed_(true) {}

  bool has_value() const { return !failed_; }
  explicit operator bool() const { return !failed_; }
  const Error& error() const& {
    assert(failed_);
    return error_;
  }
  Error&& error() && {
    assert(failed_);
    return std::move(error_);
  }

 private:
  Error error_{ErrorKind::internal};
  bool failed_ = false;
};

}  // namespace postern

#define POSTERN_JOIN_(a, b) a##b
#define POSTERN_JOIN(a, b) POSTERN_JOIN_(a, b)
#define POSTERN_TRY_(give_back, result, declaration, ...) \
  auto result = __VA_ARGS__;                              \
  if (!result) give_back std::move(result).error();       \
  declaration = *std::move(result)
#define POSTERN_TRY_VOID_(give_back, result, ...) \
  if (auto result = __VA_ARGS__; !result) give_back std::move(result).error()

// TRY(Header header, parse_header(octets));   the value, or return the error to the caller
#define TRY(declaration, ...) POSTERN_TRY_(return, POSTERN_JOIN(try_, __COUNTER__), declaration, __VA_ARGS__)
#define TRY_VOID(...) POSTERN_TRY_VOID_(return, POSTERN_JOIN(try_, __COUNTER__), __VA_ARGS__)
// CO_TRY(Changes changes, co_await store.changes_since(mailbox, modseq));   the same in a coroutine
#define CO_TRY(declaration, ...) \
  POSTERN_TRY_(co_return, POSTERN_JOIN(try_, __COUNTER__), declaration, __VA_ARGS__)
#define CO_TRY_VOID(...) POSTERN_TRY_VOID_(co_return, POSTERN_JOIN(try_, __COUNTER__), __VA_ARGS__)
