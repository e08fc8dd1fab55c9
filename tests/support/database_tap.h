// Stands between a gateway and PostgreSQL and counts the round trips that a request waits for one after the
// other: questions that are under way together count as one. Answers are held back for a moment, so that what
// is asked side by side is seen to be.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace postern::tests {

class DatabaseTap {
 public:
  // `conninfo`: of a server that is reached by a unix socket.
  explicit DatabaseTap(const std::string& conninfo);
  ~DatabaseTap();
  DatabaseTap(const DatabaseTap&) = delete;
  DatabaseTap& operator=(const DatabaseTap&) = delete;

  const std::string& conninfo() const { return through_; }
  // Since the last call. Whatever listens for notifications is not counted.
  int trips() { return trips_.exchange(0); }

 private:
  struct Pair;
  void run();
  void accept_one();
  void take_question(Pair& pair);
  void take_answer(Pair& pair);
  void pass_on(Pair& pair);
  int wait_ms() const;

  std::string directory_;
  std::string server_path_;
  std::string through_;
  int listening_ = -1;
  int under_way_ = 0;
  std::atomic<int> trips_ = 0;
  std::atomic<bool> stopping_ = false;
  std::vector<std::unique_ptr<Pair>> pairs_;
  std::thread thread_;
};

}  // namespace postern::tests
