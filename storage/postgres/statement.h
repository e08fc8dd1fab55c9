// Statement, Params, Row, Rows: named SQL with numbered parameters, sent and received in binary.
//
//   constexpr Statement kFindMailbox{"find_mailbox", R"sql(SELECT mailbox_id FROM mailboxes
//                                     WHERE account_id = $1::bigint AND name = $2::text)sql"};
//   Params params(account, name.text());
//   CO_TRY(Rows rows, co_await database.query(Lane::read, kFindMailbox, std::move(params)));
//   if (rows.empty()) …;   rows[0].get<std::int64_t>(0)
//
// Every parameter stands in the SQL with its cast ($1::bigint), because a binary parameter must have exactly
// the width that the server expects.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "storage/model/ids.h"

typedef struct pg_result PGresult;

namespace postern::postgres {

struct Statement {
  // Unique in the product; appears in logs and statistics, and is the prepared statement's name. Of two texts
  // under one name only the first is prepared; empty: never prepared.
  const char* name;
  const char* sql;
};

// bytea. The octets are not copied: they must live until the awaited query has returned.
struct Bytes {
  std::string_view octets;
};

// C++ type → PostgreSQL type: bool boolean, int16 smallint, int32 integer, int64 and enum ids bigint, uint32
// ids (Uid, UidValidity) and ModSeq bigint, string(_view) text, Bytes bytea, WallTime timestamptz,
// optional<T> NULL or T, vector/span of int64 bigint[], of string text[], of Bytes bytea[].
class Params {
 public:
  template <class... T>
  explicit Params(const T&... values) {
    (add(values), ...);
  }

  Params& add(bool value);
  Params& add(std::int16_t value);
  Params& add(std::int32_t value);
  Params& add(std::int64_t value);
  Params& add(std::uint64_t value) { return add(static_cast<std::int64_t>(value)); }
  Params& add(std::uint32_t value) { return add(static_cast<std::int64_t>(value)); }
  Params& add(std::string_view value);
  Params& add(const std::string& value) { return add(std::string_view(value)); }
  Params& add(const char* value) { return add(std::string_view(value)); }
  Params& add(Bytes value);
  Params& add(WallTime value);
  Params& add(const std::vector<std::int64_t>& values);
  Params& add(const std::vector<std::string>& values);
  Params& add(const std::vector<Bytes>& values);
  Params& add_null();
  template <class Id>
  requires std::is_enum_v<Id> Params& add(Id id) { return add(static_cast<std::int64_t>(raw(id))); }
  template <class T>
  Params& add(const std::optional<T>& value) {
    return value ? add(*value) : add_null();
  }

  std::size_t size() const { return values_.size(); }
  // For libpq: pointers live as long as this object is not changed or moved.
  struct Wire {
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
  };
  Wire wire() const;

 private:
  struct Value {
    bool null = false;
    bool borrowed = false;
    std::string own;
    std::string_view view;
  };
  static Value owned(std::string octets);
  std::vector<Value> values_;
};

class Rows;

class Row {
 public:
  bool is_null(int column) const;
  // bool, int16, int32, int64, uint32 and uint64 (from bigint), enums (from any integer), std::string_view
  // (text or bytea; lives as long as Rows), std::string, WallTime, std::optional<T>, std::vector<int64>,
  // std::vector<std::string>. A wrong width, or NULL where T is not optional, is a bug: throws.
  template <class T>
  T get(int column) const {
    if constexpr (std::is_enum_v<T>) {
      const std::int64_t number = integer(column);
      const auto narrow = static_cast<std::underlying_type_t<T>>(number);
      if (static_cast<std::int64_t>(narrow) != number) out_of_range();
      return static_cast<T>(narrow);
    } else if constexpr (requires {
                           typename T::value_type;
                           T().has_value();
                         }) {
      if (is_null(column)) return std::nullopt;
      return get<typename T::value_type>(column);
    } else {
      T value{};
      read(column, value);
      return value;
    }
  }

 private:
  friend class Rows;
  Row(const PGresult* result, int row) : result_(result), row_(row) {}
  std::string_view octets(int column) const;
  std::int64_t integer(int column) const;  // of 2, 4 or 8 octets
  [[noreturn]] static void out_of_range();
  void read(int column, bool& out) const;
  void read(int column, std::int16_t& out) const;
  void read(int column, std::int32_t& out) const;
  void read(int column, std::int64_t& out) const;
  void read(int column, std::uint32_t& out) const;
  void read(int column, std::uint64_t& out) const;
  void read(int column, std::string_view& out) const;
  void read(int column, std::string& out) const;
  void read(int column, WallTime& out) const;
  void read(int column, std::vector<std::int64_t>& out) const;
  void read(int column, std::vector<std::string>& out) const;

  const PGresult* result_;
  int row_;
};

class Rows {
 public:
  Rows() = default;
  explicit Rows(PGresult* owned);
  Rows(Rows&&) noexcept;
  Rows& operator=(Rows&&) noexcept;
  ~Rows();

  std::size_t size() const;
  bool empty() const { return size() == 0; }
  Row operator[](std::size_t index) const;
  std::uint64_t affected() const;  // rows changed by INSERT, UPDATE, DELETE

 private:
  PGresult* result_ = nullptr;
};

struct Query {
  Query(const Statement& s, Params p) : statement(&s), params(std::move(p)) {}
  const Statement* statement;
  Params params;
};

}  // namespace postern::postgres
