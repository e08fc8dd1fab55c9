// Params and Row: every type there and back through a real server, in binary.
#include "storage/postgres/statement.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/postgres/database_fixture.h"

namespace postern::postgres {
namespace {

class Types : public DatabaseFixture {
 protected:
  Row only(const Statement& statement, Params params) {
    rows_ = must(query(Lane::read, statement, std::move(params)));
    return rows_[0];
  }

 private:
  Rows rows_;
};

TEST_F(Types, NumbersAtTheirBounds) {
  constexpr Statement kEcho{"echo_numbers",
                            "SELECT $1::boolean, $2::smallint, $3::integer, $4::bigint, $5::bigint"};
  const Row row = only(
      kEcho, Params(true, std::numeric_limits<std::int16_t>::min(), std::numeric_limits<std::int32_t>::min(),
                    std::numeric_limits<std::int64_t>::min(), std::uint32_t{4294967295U}));
  EXPECT_TRUE(row.get<bool>(0));
  EXPECT_EQ(row.get<std::int16_t>(1), std::numeric_limits<std::int16_t>::min());
  EXPECT_EQ(row.get<std::int32_t>(2), std::numeric_limits<std::int32_t>::min());
  EXPECT_EQ(row.get<std::int64_t>(3), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(row.get<Uid>(4), kUidMax);
  EXPECT_EQ(row.get<std::uint32_t>(4), 4294967295U);
}

TEST_F(Types, TheServerReadsWhatWeMean) {
  constexpr Statement kPrint{"print_values", R"sql(
    SELECT $1::bigint::text, $2::timestamptz AT TIME ZONE 'UTC' = '1999-12-31 23:59:59.000001', $3::bytea::text,
           $4::bigint[]::text, $5::text[]::text, $6::bytea[]::text, $7::text)sql"};
  const WallTime before_epoch = std::chrono::sys_days(std::chrono::year(1999) / 12 / 31) +
                                std::chrono::seconds(86399) + std::chrono::microseconds(1);
  const std::string octets("\0\xff", 2);
  const std::vector<Bytes> pieces = {Bytes{octets}, Bytes{""}};
  const Row row = only(kPrint, Params(ModSeq{9223372036854775807U}, before_epoch, Bytes{octets},
                                      std::vector<std::int64_t>{1, -2},
                                      std::vector<std::string>{"a", "", "b c"}, pieces, "text"));
  EXPECT_EQ(row.get<std::string>(0), "9223372036854775807");
  EXPECT_TRUE(row.get<bool>(1));
  EXPECT_EQ(row.get<std::string>(2), "\\x00ff");
  EXPECT_EQ(row.get<std::string>(3), "{1,-2}");
  EXPECT_EQ(row.get<std::string>(4), "{a,\"\",\"b c\"}");
  EXPECT_EQ(row.get<std::string>(5), "{\"\\\\x00ff\",\"\\\\x\"}");
  EXPECT_EQ(row.get<std::string>(6), "text");
}

TEST_F(Types, OctetsArraysAndTimesComeBack) {
  constexpr Statement kEcho{"echo_octets",
                            "SELECT $1::bytea, $2::bigint[], $3::text[], $4::timestamptz, $5::text"};
  std::string octets;
  for (int i = 0; i < 70000; ++i) octets += static_cast<char>(i * 7);
  const WallTime when = std::chrono::sys_days(std::chrono::year(2031) / 2 / 3) + std::chrono::microseconds(7);
  const std::vector<std::int64_t> numbers = {5, 0, -5};
  const std::vector<std::string> words = {"x", "", "Grüße"};
  const Row row = only(kEcho, Params(Bytes{octets}, numbers, words, when, ""));
  EXPECT_EQ(row.get<std::string_view>(0), octets);
  EXPECT_EQ(row.get<std::vector<std::int64_t>>(1), numbers);
  EXPECT_EQ(row.get<std::vector<std::string>>(2), words);
  EXPECT_EQ(row.get<WallTime>(3), when);
  EXPECT_EQ(row.get<std::string>(4), "");
  EXPECT_FALSE(row.is_null(4));
}

TEST_F(Types, EmptyArraysAndNulls) {
  constexpr Statement kEcho{"echo_nulls", "SELECT $1::bigint[], $2::text[], $3::bigint, $4::text, $5::bytea"};
  const Row row = only(kEcho, Params(std::vector<std::int64_t>(), std::vector<std::string>(),
                                     std::optional<Uid>(), std::optional<std::string>("here"), Bytes{}));
  EXPECT_TRUE(row.get<std::vector<std::int64_t>>(0).empty());
  EXPECT_TRUE(row.get<std::vector<std::string>>(1).empty());
  EXPECT_EQ(row.get<std::optional<Uid>>(2), std::nullopt);
  EXPECT_EQ(row.get<std::optional<std::string>>(3), "here");
  EXPECT_FALSE(row.is_null(4));
  EXPECT_THROW(row.get<std::int64_t>(2), std::logic_error);
}

enum class Small : std::uint8_t { two = 2 };

TEST_F(Types, EnumsFitOrThrowAndWidthsAreExact) {
  constexpr Statement kEcho{"echo_enums", "SELECT $1::smallint, $2::bigint, 300::smallint"};
  const Row row = only(kEcho, Params(std::int16_t{2}, Small::two));
  EXPECT_EQ(row.get<Small>(0), Small::two);
  EXPECT_EQ(row.get<Small>(1), Small::two);
  EXPECT_THROW(row.get<Small>(2), std::logic_error);
  EXPECT_THROW(row.get<std::int64_t>(0), std::logic_error);
  EXPECT_THROW(row.get<std::int64_t>(3), std::logic_error);
}

TEST_F(Types, AffectedCountsRows) {
  execute("CREATE TABLE t (n bigint)");
  constexpr Statement kInsert{"insert_numbers", "INSERT INTO t SELECT generate_series(1, $1::bigint)"};
  EXPECT_EQ(must(query(Lane::write, kInsert, Params(std::int64_t{7}))).affected(), 7U);
  EXPECT_EQ(Rows().affected(), 0U);
}

}  // namespace
}  // namespace postern::postgres
