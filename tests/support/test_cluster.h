// One PostgreSQL cluster per test run, a fresh migrated database per test from a template.
#pragma once

#include <memory>
#include <string>

namespace postern::tests {

class TestCluster {
 public:
  // The cluster of this process: started at first use (initdb, fsync off, unix socket in a temporary
  // directory), stopped and removed at exit. If POSTERN_TEST_CLUSTER names a conninfo, that server is used
  // instead.
  static TestCluster& get();

  // A new database cloned from the migrated template; returns its conninfo. Dropped when the cluster stops.
  std::string fresh_database();
  // An empty, unmigrated database.
  std::string empty_database();
  int postmaster_pid() const;  // 0 if the server is not ours
  // Blocking: stop modes "fast", "immediate"; start again on the same data.
  void stop(const std::string& mode);
  void start();
  ~TestCluster();

 private:
  TestCluster();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace postern::tests
