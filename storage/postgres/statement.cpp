#include "storage/postgres/statement.h"

#include <libpq-fe.h>

#include <charconv>
#include <limits>
#include <stdexcept>

namespace postern::postgres {

namespace {

// Object identifiers of element types (pg_type.dat): they never change.
constexpr std::int32_t kByteaOid = 17;
constexpr std::int32_t kBigintOid = 20;
constexpr std::int32_t kTextOid = 25;

// timestamptz counts microseconds from 2000-01-01 00:00 UTC.
constexpr auto kPostgresEpoch = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);

template <class N>
void append_number(std::string& out, N number) {
  const auto bits = static_cast<std::uint64_t>(number);
  for (int shift = static_cast<int>(sizeof(N)) * 8 - 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(bits >> shift & 0xFF);
  }
}

template <class N>
std::string big_endian(N number) {
  std::string out;
  append_number(out, number);
  return out;
}

// One dimension, lower bound 1, no NULLs; an empty array has no dimension at all.
template <class Values, class Append>
std::string array(std::int32_t element_oid, const Values& values, Append append) {
  std::string out;
  append_number<std::int32_t>(out, values.empty() ? 0 : 1);
  append_number<std::int32_t>(out, 0);
  append_number<std::int32_t>(out, element_oid);
  if (values.empty()) return out;
  append_number(out, static_cast<std::int32_t>(values.size()));
  append_number<std::int32_t>(out, 1);
  for (const auto& value : values) append(out, value);
  return out;
}

void append_octets(std::string& out, std::string_view octets) {
  append_number(out, static_cast<std::int32_t>(octets.size()));
  out += octets;
}

[[noreturn]] void wrong(const char* what) {
  throw std::logic_error(std::string("postgres column: ") + what);
}

template <class N>
N number_from(std::string_view octets) {
  if (octets.size() != sizeof(N)) wrong("not of the width that was asked for");
  std::uint64_t bits = 0;
  for (const char octet : octets) bits = bits << 8 | static_cast<unsigned char>(octet);
  return static_cast<N>(bits);
}

std::string_view take(std::string_view& in, std::size_t count) {
  if (in.size() < count) wrong("array is cut short");
  const std::string_view out = in.substr(0, count);
  in.remove_prefix(count);
  return out;
}

template <class Each>
void each_element(std::string_view in, Each each) {
  const auto dimensions = number_from<std::int32_t>(take(in, 4));
  take(in, 8);
  if (dimensions == 0) return;
  if (dimensions != 1) wrong("array of several dimensions");
  const auto count = number_from<std::int32_t>(take(in, 4));
  take(in, 4);
  for (std::int32_t i = 0; i < count; ++i) {
    const auto length = number_from<std::int32_t>(take(in, 4));
    if (length < 0) wrong("NULL inside an array");
    each(take(in, static_cast<std::size_t>(length)));
  }
}

}  // namespace

Params::Value Params::owned(std::string octets) {
  Value value;
  value.own = std::move(octets);
  return value;
}

Params& Params::add(bool value) {
  values_.push_back(owned(std::string(1, value ? '\1' : '\0')));
  return *this;
}
Params& Params::add(std::int16_t value) {
  values_.push_back(owned(big_endian(value)));
  return *this;
}
Params& Params::add(std::int32_t value) {
  values_.push_back(owned(big_endian(value)));
  return *this;
}
Params& Params::add(std::int64_t value) {
  values_.push_back(owned(big_endian(value)));
  return *this;
}
Params& Params::add(std::string_view value) {
  values_.push_back(owned(std::string(value)));
  return *this;
}

Params& Params::add(Bytes value) {
  Value borrowed;
  borrowed.borrowed = true;
  borrowed.view = value.octets;
  values_.push_back(std::move(borrowed));
  return *this;
}

Params& Params::add(WallTime value) {
  return add(static_cast<std::int64_t>((value - WallTime(kPostgresEpoch)).count()));
}

Params& Params::add(const std::vector<std::int64_t>& values) {
  values_.push_back(owned(array(kBigintOid, values, [](std::string& out, std::int64_t value) {
    append_number<std::int32_t>(out, 8);
    append_number(out, value);
  })));
  return *this;
}
Params& Params::add(const std::vector<std::string>& values) {
  values_.push_back(owned(array(kTextOid, values, append_octets)));
  return *this;
}
Params& Params::add(const std::vector<Bytes>& values) {
  values_.push_back(owned(array(
      kByteaOid, values, [](std::string& out, const Bytes& value) { append_octets(out, value.octets); })));
  return *this;
}

Params& Params::add_null() {
  Value value;
  value.null = true;
  values_.push_back(std::move(value));
  return *this;
}

Params::Wire Params::wire() const {
  Wire wire;
  for (const Value& value : values_) {
    const std::string_view octets = value.borrowed ? value.view : std::string_view(value.own);
    // A null pointer means NULL to libpq, and an empty view may have one.
    const char* start = octets.data() == nullptr ? "" : octets.data();
    wire.values.push_back(value.null ? nullptr : start);
    wire.lengths.push_back(static_cast<int>(octets.size()));
    wire.formats.push_back(1);
  }
  return wire;
}

bool Row::is_null(int column) const {
  return PQgetisnull(result_, row_, column) != 0;
}

std::string_view Row::octets(int column) const {
  if (column < 0 || column >= PQnfields(result_)) wrong("no such column");
  if (is_null(column)) wrong("NULL where a value was expected");
  return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

void Row::read(int column, bool& out) const {
  out = number_from<std::uint8_t>(octets(column)) != 0;
}
void Row::read(int column, std::int16_t& out) const {
  out = number_from<std::int16_t>(octets(column));
}
void Row::read(int column, std::int32_t& out) const {
  out = number_from<std::int32_t>(octets(column));
}
void Row::read(int column, std::int64_t& out) const {
  out = number_from<std::int64_t>(octets(column));
}
void Row::read(int column, std::string_view& out) const {
  out = octets(column);
}
void Row::read(int column, std::string& out) const {
  out = octets(column);
}

void Row::read(int column, std::uint32_t& out) const {
  const auto wide = number_from<std::int64_t>(octets(column));
  if (wide < 0 || wide > std::numeric_limits<std::uint32_t>::max()) wrong("out of 32 bits");
  out = static_cast<std::uint32_t>(wide);
}
void Row::read(int column, std::uint64_t& out) const {
  const auto wide = number_from<std::int64_t>(octets(column));
  if (wide < 0) wrong("negative");
  out = static_cast<std::uint64_t>(wide);
}

void Row::read(int column, WallTime& out) const {
  out = WallTime(kPostgresEpoch) + std::chrono::microseconds(number_from<std::int64_t>(octets(column)));
}

void Row::read(int column, std::vector<std::int64_t>& out) const {
  each_element(octets(column),
               [&](std::string_view element) { out.push_back(number_from<std::int64_t>(element)); });
}
void Row::read(int column, std::vector<std::string>& out) const {
  each_element(octets(column), [&](std::string_view element) { out.emplace_back(element); });
}

std::int64_t Row::integer(int column) const {
  const std::string_view value = octets(column);
  if (value.size() == 2) return number_from<std::int16_t>(value);
  if (value.size() == 4) return number_from<std::int32_t>(value);
  return number_from<std::int64_t>(value);
}

void Row::out_of_range() {
  wrong("outside the range of its type");
}

Rows::Rows(PGresult* owned) : result_(owned) {}
Rows::Rows(Rows&& other) noexcept : result_(std::exchange(other.result_, nullptr)) {}
Rows& Rows::operator=(Rows&& other) noexcept {
  if (this != &other) {
    PQclear(result_);
    result_ = std::exchange(other.result_, nullptr);
  }
  return *this;
}
Rows::~Rows() {
  PQclear(result_);
}

std::size_t Rows::size() const {
  return result_ == nullptr ? 0 : static_cast<std::size_t>(PQntuples(result_));
}

Row Rows::operator[](std::size_t index) const {
  if (index >= size()) wrong("no such row");
  return {result_, static_cast<int>(index)};
}

std::uint64_t Rows::affected() const {
  if (result_ == nullptr) return 0;
  const std::string_view digits = PQcmdTuples(result_);
  std::uint64_t count = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return count;
}

}  // namespace postern::postgres
