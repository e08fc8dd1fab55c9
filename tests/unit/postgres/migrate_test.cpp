// Migrations: applied once, by whoever comes first; refused when what was applied has changed.
#include "storage/postgres/migrate.h"

#include <gtest/gtest.h>

#include "storage/postgres/split_statements.h"
#include "tests/unit/postgres/database_fixture.h"

namespace postern::postgres {
namespace {

using Texts = std::vector<std::string>;

TEST(SplitStatements, AtSemicolonsOutsideOfEverything) {
  EXPECT_EQ(split_statements("SELECT 1; SELECT 2"), (Texts{"SELECT 1", "SELECT 2"}));
  EXPECT_EQ(split_statements("SELECT ';', \"a;b\", 'it''s;'; x;"),
            (Texts{"SELECT ';', \"a;b\", 'it''s;'", "x"}));
  EXPECT_EQ(split_statements("a $$;$$ b; c $t$ ; $$ ; $t$; d $1;"),
            (Texts{"a $$;$$ b", "c $t$ ; $$ ; $t$", "d $1"}));
  EXPECT_EQ(split_statements("a; -- no; more\n/* ; /* ; */ ; */ ;b -- end;"), (Texts{"a", "b -- end;"}));
  EXPECT_EQ(split_statements(" ; \n;-- only this\n"), Texts());
  EXPECT_EQ(split_statements("a 'never closed; b"), Texts{"a 'never closed; b"});
  EXPECT_EQ(split_statements(""), Texts());
}

TEST(KnownMigrations, AreNumberedFromOneWithoutGaps) {
  const auto& known = known_migrations();
  ASSERT_FALSE(known.empty());
  for (std::size_t i = 0; i < known.size(); ++i) {
    EXPECT_EQ(known[i].number, static_cast<int>(i) + 1);
    EXPECT_FALSE(known[i].name.empty());
    EXPECT_EQ(known[i].checksum.size(), 64U);
    EXPECT_FALSE(split_statements(known[i].sql).empty());
  }
}

class Migrations : public DatabaseFixture {};

TEST_F(Migrations, TwiceIsOnce) {
  const std::size_t count = known_migrations().size();
  EXPECT_EQ(must(wait(plan_migrations(database()))).pending.size(), count);
  EXPECT_EQ(must(wait(migrate(database()))).size(), count);
  EXPECT_TRUE(must(wait(migrate(database()))).empty());
  const MigrationPlan plan = must(wait(plan_migrations(database())));
  EXPECT_EQ(plan.applied.size(), count);
  EXPECT_TRUE(plan.pending.empty());
  EXPECT_EQ(number("SELECT count(*)::bigint FROM schema_migrations"), static_cast<std::int64_t>(count));
}

TEST_F(Migrations, TwoAtOnceShareTheWork) {
  Database second(loop_, conninfo_, settings_, Log::silent());
  std::optional<Result<std::vector<Migration>>> one;
  std::optional<Result<std::vector<Migration>>> two;
  scope_.start(keep(migrate(database()), one));
  scope_.start(keep(migrate(second), two));
  turn_until([&] { return one && two; });
  EXPECT_EQ(must(std::move(*one)).size() + must(std::move(*two)).size(), known_migrations().size());
  scope_.start(second.close());
  turn_until([&] { return scope_.running() == 0; });
}

TEST_F(Migrations, OneThatChangedAfterwardsIsRefused) {
  must(wait(migrate(database())));
  execute("UPDATE schema_migrations SET checksum = 'other' WHERE number = 1");
  const auto plan = wait(plan_migrations(database()));
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::invalid);
  EXPECT_EQ(wait(migrate(database())).error().kind, ErrorKind::invalid);
}

TEST_F(Migrations, ANewerDatabaseSaysWhetherItServesUs) {
  must(wait(migrate(database())));
  execute("INSERT INTO schema_migrations (number, name, checksum) VALUES (9000, 'later', 'x')");
  EXPECT_TRUE(wait(plan_migrations(database())));
  execute("UPDATE schema_migrations SET oldest_served = 9000 WHERE number = 9000");
  EXPECT_EQ(wait(plan_migrations(database())).error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace postern::postgres
