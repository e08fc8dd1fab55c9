// A phone of the load client: the requests of the scripted phone (tests/phone), and no opinion of the answers
// beyond their statuses and counts, so that every server can be measured.
#pragma once

#include <memory>
#include <string>

#include "tests/bench/client/options.h"
#include "tests/phone/server.h"

namespace postern::bench {

class SyncDevice {
 public:
  // --host, --port, --tls, --sync-path, --password; version 14.1, which every server here speaks.
  SyncDevice(const Options& options, const std::string& user, const std::string& device_id);

  void find_inbox();               // FolderSync, and the first key of the inbox
  std::uint64_t sync_all();        // until nothing is left; how many items came
  std::uint64_t sync(bool& more);  // one request
  void start_ping();               // does not wait for the answer
  void finish_ping();              // Failure if the answer is not "changes"
  phone::Server& server() { return server_; }

 private:
  phone::Server server_;
  std::string inbox_;
  std::string key_ = "0";
};

}  // namespace postern::bench
