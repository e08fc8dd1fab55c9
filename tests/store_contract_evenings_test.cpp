// What a run of the backup leaves behind for lists that do not ask its repository.
#include <filesystem>

#include "storage/backup/backup_rounds.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

class EveningsContract : public MessageFixture {
 protected:
  EveningsContract() {
    std::string pattern = (std::filesystem::temp_directory_path() / "postern-evenings-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    options_.directory = directory_ + "/repository";
  }
  ~EveningsContract() override { std::filesystem::remove_all(directory_); }

  void back_up() {
    auto never = [] { return false; };
    ASSERT_TRUE(must(await(backup::back_up(loop_, *store_, options_, clock_, true, std::move(never)))));
  }

  std::string directory_;
  BackupSettings options_;
};

TEST_F(EveningsContract, ARunLeavesALineAndASecondOneStandsForIt) {
  put(inbox_, letter("one"));
  put(inbox_, letter("two"));
  back_up();
  std::vector<SavedEvening> evenings = must(await(store_->evenings().list()));
  ASSERT_EQ(evenings.size(), 1u);
  EXPECT_EQ(evenings[0].date.size(), 10u);
  EXPECT_EQ(evenings[0].accounts, 1u);
  EXPECT_EQ(evenings[0].messages, 2u);
  EXPECT_EQ(evenings[0].new_messages, 2u);
  EXPECT_GT(evenings[0].octets, 0u);
  EXPECT_GE(evenings[0].ended_at, evenings[0].begun_at);
  put(inbox_, letter("three"));
  back_up();
  evenings = must(await(store_->evenings().list()));
  EXPECT_EQ(evenings.front().messages, 3u);
}

}  // namespace
}  // namespace postern::tests
