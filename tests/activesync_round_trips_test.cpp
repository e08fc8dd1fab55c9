// What a phone waits for: how many round trips to the database its requests take, one after the other.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "tests/support/activesync_client.h"
#include "tests/support/database_tap.h"
#include "tests/support/gateway_in_process.h"
#include "tests/support/test_cluster.h"
#include "tests/support/transcript_setup.h"

namespace postern::tests {
namespace {

class RoundTrips : public testing::Test {
 protected:
  RoundTrips() : conninfo_(TestCluster::get().fresh_database()), tap_(conninfo_) {
    std::vector<TranscriptStep> steps(1);
    steps[0].verb = "feature";
    steps[0].rest = "joe@example.test mobile_sync on";
    Settings settings = set_up(conninfo_, steps).settings;
    settings.activesync.require_provisioning = false;
    settings.store.watch_interval_s = 300;
    settings.store.account_watch_interval_s = 3600;
    gateway_ = std::make_unique<GatewayInProcess>(tap_.conninfo(), settings, 1);
    client_ = std::make_unique<TranscriptClient>(gateway_->port(0, "http", false));
  }

  ActiveSyncAnswer ask(const std::string& command, const std::string& xml) {
    client_->send(activesync_request(command, xml));
    return read_activesync_answer(*client_);
  }

  static std::string collections(const std::vector<std::string>& keys) {
    std::string xml = "<AirSync:Sync><Collections>";
    for (std::size_t i = 0; i < keys.size(); ++i) {
      xml += "<Collection><SyncKey>" + keys[i] + "</SyncKey><CollectionId>" + std::to_string(i + 1) +
             "</CollectionId></Collection>";
    }
    return xml + "</Collections></AirSync:Sync>";
  }

  // As many folders as there are keys, synchronised.
  std::vector<std::string> begin(std::size_t folders) {
    const ActiveSyncAnswer answer = ask("Sync", collections(std::vector<std::string>(folders, "0")));
    std::vector<std::string> keys;
    static const std::regex kKey("<SyncKey>(\\d+)</SyncKey>");
    for (std::sregex_iterator at(answer.xml.begin(), answer.xml.end(), kKey), end; at != end; ++at) {
      keys.push_back((*at)[1]);
    }
    return keys;
  }

  // Of a Sync that has nothing to say; the fewest of some, since connections are opened when they are needed.
  int trips_of_quiet_sync(std::size_t folders) {
    const std::vector<std::string> keys = begin(folders);
    EXPECT_EQ(keys.size(), folders);
    int fewest = 100;
    for (int i = 0; i < 4; ++i) {
      tap_.trips();
      const ActiveSyncAnswer answer = ask("Sync", collections(keys));
      EXPECT_EQ(answer.status, 200);
      EXPECT_EQ(answer.xml, "");
      fewest = std::min(fewest, tap_.trips());
    }
    return fewest;
  }

  const std::string conninfo_;
  DatabaseTap tap_;
  std::unique_ptr<GatewayInProcess> gateway_;
  std::unique_ptr<TranscriptClient> client_;
};

// The account; the device; then folders, ledgers and the mailbox side by side.
TEST_F(RoundTrips, ASyncWithoutNewsTakesThree) {
  EXPECT_EQ(trips_of_quiet_sync(1), 3);
}

TEST_F(RoundTrips, SoDoesOneOfManyFolders) {
  EXPECT_EQ(trips_of_quiet_sync(5), 3);
}

}  // namespace
}  // namespace postern::tests
