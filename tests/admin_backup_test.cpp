// Evenings and their job by the API: what is listed, and a run that is asked for.
#include <gtest/gtest.h>

#include "tests/support/admin_fixture.h"

namespace postern::tests {
namespace {

class AdminBackup : public AdminFixture {
 protected:
  json state() { return root_.ask("GET", "/backup").body; }
  json evenings() { return root_.ask("GET", "/backup/evenings").body["items"]; }
  NightlyJobs& jobs() { return store_->nightly_jobs(); }
  void save(const std::string& date, std::size_t kept_max = 14) {
    SavedEvening evening;
    evening.date = date;
    evening.accounts = 2;
    evening.new_octets = 100;
    must(await(store_->evenings().note(evening, kept_max)));
  }
};

TEST_F(AdminBackup, ARunThatIsAskedForIsDueAndThenOver) {
  EXPECT_EQ(state()["state"], "due");  // there was none yet
  ASSERT_TRUE(must(await(jobs().take(kBackupJob, false))));
  EXPECT_EQ(state()["state"], "running");
  EXPECT_EQ(root_.ask("POST", "/backup/runs").status, 409);
  must(await(jobs().done(kBackupJob)));
  EXPECT_EQ(state()["state"], "waiting");
  EXPECT_FALSE(must(await(jobs().take(kBackupJob, false))));
  EXPECT_EQ(root_.ask("POST", "/backup/runs").status, 202);
  EXPECT_EQ(state()["state"], "due");
  const json entry = root_.ask("GET", "/audit?object=backup").body["items"][0];
  EXPECT_EQ(entry["action"], "run");
  EXPECT_EQ(entry["who"], "root");
  ASSERT_TRUE(must(await(jobs().take(kBackupJob, false))));
  must(await(jobs().put_off(kBackupJob)));
  EXPECT_EQ(state()["state"], "due");  // it was broken off
}

TEST_F(AdminBackup, EveningsAreKeptAndVerified) {
  for (const char* date : {"2026-11-20", "2026-11-21", "2026-11-22"}) save(date);
  must(await(store_->evenings().note_verified("2026-11-21", 3)));
  json listed = evenings();
  ASSERT_EQ(listed.size(), 3u);
  EXPECT_EQ(listed[0]["evening"], "2026-11-22");
  EXPECT_TRUE(listed[0]["verified_at"].is_null());
  EXPECT_EQ(listed[1]["broken"], 3);
  EXPECT_FALSE(listed[1]["verified_at"].is_null());
  must(await(store_->evenings().note_verified(std::nullopt, 0)));
  EXPECT_EQ(evenings()[1]["broken"], 0);
  save("2026-11-22", 2);  // once more: nobody has read that
  listed = evenings();
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_TRUE(listed[0]["verified_at"].is_null());
  EXPECT_FALSE(listed[1]["verified_at"].is_null());
}

TEST_F(AdminBackup, OnlyWhoRunsTheServerStartsIt) {
  const ApiClient reseller = administrator("rita", "reseller", json{{"tenant", raw(tenant_)}});
  EXPECT_EQ(reseller.ask("GET", "/backup/evenings").status, 403);
  EXPECT_EQ(reseller.ask("POST", "/backup/runs").status, 403);
  EXPECT_EQ(with_token("rita", {"directory:read"}).ask("POST", "/backup/runs").status, 403);
}

}  // namespace
}  // namespace postern::tests
