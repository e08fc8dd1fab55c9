#include "tests/support/database_tap.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <stdexcept>

namespace postern::tests {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kHeldBack{50};
constexpr const char* kSocketName = "/.s.PGSQL.5432";
constexpr int kLookAgain_ms = 100;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

// Counts messages of one type in a stream of PostgreSQL's protocol: a type, then a length that counts itself.
class MessageCounter {
 public:
  MessageCounter(char type, bool has_startup) : type_(type), untyped_(has_startup) {}

  int feed(std::string_view octets) {
    held_ += octets;
    int count = 0;
    while (true) {
      const std::size_t head = untyped_ ? 4 : 5;
      if (held_.size() < head) return count;
      std::uint32_t length = 0;
      for (std::size_t i = head - 4; i < head; ++i)
        length = length << 8 | static_cast<unsigned char>(held_[i]);
      const std::size_t size = head - 4 + length;
      if (held_.size() < size) return count;
      if (!untyped_ && held_[0] == type_) ++count;
      untyped_ = false;
      held_.erase(0, size);
    }
  }

 private:
  const char type_;
  bool untyped_;
  std::string held_;
};

void send_all(int socket, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t sent = ::send(socket, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
}

}  // namespace

struct DatabaseTap::Pair {
  struct Answer {
    steady_clock::time_point due;
    std::string octets;
    int ready = 0;  // how many questions it ends
  };
  int client = -1;
  int server = -1;
  bool listens = false;
  bool ended = false;
  MessageCounter syncs{'S', true};
  MessageCounter readies{'Z', false};
  int open = 0;  // questions of this connection
  std::deque<Answer> answers;

  ~Pair() {
    ::close(client);
    ::close(server);
  }
};

DatabaseTap::DatabaseTap(const std::string& conninfo) {
  const std::size_t at = conninfo.find("host=/");
  if (at == std::string::npos) throw std::runtime_error("the tap wants a unix socket");
  const std::size_t end = std::min(conninfo.find(' ', at), conninfo.size());
  server_path_ = conninfo.substr(at + 5, end - at - 5) + kSocketName;
  directory_ = (std::filesystem::temp_directory_path() / "postern-tap-XXXXXX").string();
  if (::mkdtemp(directory_.data()) == nullptr) throw std::runtime_error("no temporary directory");
  through_ = conninfo.substr(0, at) + "host=" + directory_ + conninfo.substr(end);
  listening_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un address = address_of(directory_ + kSocketName);
  if (::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listening_, 64) != 0) {
    throw std::runtime_error("the tap cannot listen");
  }
  thread_ = std::thread([this] { run(); });
}

DatabaseTap::~DatabaseTap() {
  stopping_ = true;
  thread_.join();
  pairs_.clear();
  ::close(listening_);
  std::filesystem::remove_all(directory_);
}

void DatabaseTap::run() {
  while (!stopping_) {
    std::vector<pollfd> polled = {{listening_, POLLIN, 0}};
    for (const auto& pair : pairs_) {
      polled.push_back({pair->client, POLLIN, 0});
      polled.push_back({pair->server, POLLIN, 0});
    }
    ::poll(polled.data(), polled.size(), wait_ms());
    for (std::size_t i = 0; i + 1 < polled.size(); i += 2) {
      Pair& pair = *pairs_[i / 2];
      if (polled[i + 1].revents != 0) take_question(pair);
      if (polled[i + 2].revents != 0) take_answer(pair);
    }
    for (const auto& pair : pairs_) pass_on(*pair);
    for (const auto& pair : pairs_) {
      if (pair->ended) under_way_ -= pair->open;
    }
    std::erase_if(pairs_, [](const auto& pair) { return pair->ended; });
    if (polled[0].revents != 0) accept_one();
  }
}

int DatabaseTap::wait_ms() const {
  auto wait = std::chrono::milliseconds(kLookAgain_ms);
  for (const auto& pair : pairs_) {
    if (pair->answers.empty()) continue;
    const auto left = pair->answers.front().due - steady_clock::now();
    wait = std::min(wait, std::chrono::ceil<std::chrono::milliseconds>(left));
  }
  return static_cast<int>(std::max(wait, std::chrono::milliseconds(0)).count());
}

void DatabaseTap::accept_one() {
  auto pair = std::make_unique<Pair>();
  pair->client = ::accept(listening_, nullptr, nullptr);
  pair->server = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un address = address_of(server_path_);
  if (::connect(pair->server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  pairs_.push_back(std::move(pair));
}

void DatabaseTap::take_question(Pair& pair) {
  std::array<char, 65536> buffer;
  const ssize_t got = ::recv(pair.client, buffer.data(), buffer.size(), 0);
  pair.ended = pair.ended || got <= 0;
  if (got <= 0) return;
  const std::string_view octets(buffer.data(), static_cast<std::size_t>(got));
  pair.listens = pair.listens || octets.find("LISTEN ") != std::string_view::npos;
  const int asked = pair.syncs.feed(octets);
  if (!pair.listens && asked > 0) {
    if (under_way_ == 0) ++trips_;
    under_way_ += asked;
    pair.open += asked;
  }
  send_all(pair.server, octets);
}

void DatabaseTap::take_answer(Pair& pair) {
  std::array<char, 65536> buffer;
  const ssize_t got = ::recv(pair.server, buffer.data(), buffer.size(), 0);
  pair.ended = pair.ended || got <= 0;
  if (got <= 0) return;
  const std::string octets(buffer.data(), static_cast<std::size_t>(got));
  pair.answers.push_back({steady_clock::now() + kHeldBack, octets, pair.readies.feed(octets)});
}

void DatabaseTap::pass_on(Pair& pair) {
  while (!pair.answers.empty() && pair.answers.front().due <= steady_clock::now()) {
    // The answer to a connection's start ends no question.
    const int ended = std::min(pair.open, pair.answers.front().ready);
    pair.open -= ended;
    under_way_ -= ended;
    send_all(pair.client, pair.answers.front().octets);
    pair.answers.pop_front();
  }
}

}  // namespace postern::tests
