// postern_delay_proxy LISTEN_PORT HOST PORT: TCP between two programs as if they were further apart. Every
// octet arrives half of the round trip later; nothing is lost, reordered or slowed beyond that. The round
// trip, in microseconds, is read from standard input, a line each time it changes; the end of the input ends
// the program.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kReadOctets = 256 * 1024;
constexpr std::size_t kHeldOctetsMax = 64 * 1024 * 1024;  // of one direction; beyond it, reading pauses

struct Piece {
  Clock::time_point due;
  std::string octets;
};

// What one end has said and the other has not heard yet.
struct Direction {
  int from;
  int to;
  std::deque<Piece> pieces;
  std::size_t held = 0;
  bool ended = false;    // nothing more will be read
  bool blocked = false;  // the receiver takes nothing now

  Direction(int from_socket, int to_socket) : from(from_socket), to(to_socket) {}

  bool reads() const { return !ended && held < kHeldOctetsMax; }
  bool finished() const { return ended && pieces.empty(); }

  void read(Clock::duration one_way) {
    static std::vector<char> buffer(kReadOctets);
    const ssize_t got = recv(from, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
      ended = true;
      return;
    }
    held += static_cast<std::size_t>(got);
    pieces.push_back({Clock::now() + one_way, std::string(buffer.data(), static_cast<std::size_t>(got))});
  }

  void write_due() {
    blocked = false;
    while (!pieces.empty() && pieces.front().due <= Clock::now()) {
      Piece& piece = pieces.front();
      const ssize_t sent = send(to, piece.octets.data(), piece.octets.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
        blocked = true;
        return;
      }
      if (sent < 0) {  // nobody listens any more
        pieces.clear();
        held = 0;
        ended = true;
        return;
      }
      held -= static_cast<std::size_t>(sent);
      piece.octets.erase(0, static_cast<std::size_t>(sent));
      if (piece.octets.empty()) pieces.pop_front();
    }
  }
};

struct Pair {
  int client;
  int server;
  Direction up;
  Direction down;

  Pair(int client_socket, int server_socket)
      : client(client_socket), server(server_socket), up(client, server), down(server, client) {}
  Pair(const Pair&) = delete;
  ~Pair() {
    close(client);
    close(server);
  }
};

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

sockaddr_in address_of(const char* host, const char* port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) fail("address");
  return address;
}

void send_at_once(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int listen_on(const sockaddr_in& address) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("bind");
  if (listen(listener, 128) != 0) fail("listen");
  return listener;
}

void accept_pair(int listener, const sockaddr_in& server, std::vector<std::unique_ptr<Pair>>& pairs) {
  const int client = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(other, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0) {
    close(other);
    close(client);
    return;
  }
  send_at_once(client);
  send_at_once(other);
  pairs.push_back(std::make_unique<Pair>(client, other));
}

void add_direction(std::vector<pollfd>& waits, const Direction& direction,
                   std::optional<Clock::time_point>& soonest) {
  waits.push_back({direction.reads() ? direction.from : -1, POLLIN, 0});
  waits.push_back({direction.blocked ? direction.to : -1, POLLOUT, 0});
  if (direction.blocked || direction.pieces.empty()) return;
  const auto due = direction.pieces.front().due;
  if (!soonest || due < *soonest) soonest = due;
}

void wait_for(std::vector<pollfd>& waits, const std::optional<Clock::time_point>& soonest) {
  timespec limit{};
  if (soonest) {
    const auto left = std::max<Clock::duration>(*soonest - Clock::now(), Clock::duration::zero());
    limit.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(left).count();
    limit.tv_nsec = (left % std::chrono::seconds(1)).count();
  }
  ppoll(waits.data(), waits.size(), soonest ? &limit : nullptr, nullptr);
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::fputs("usage: postern_delay_proxy LISTEN_PORT HOST PORT\n", stderr);
    return 2;
  }
  const int listener = listen_on(address_of("127.0.0.1", words[1]));
  const sockaddr_in server = address_of(words[2], words[3]);
  Clock::duration one_way{};
  std::vector<std::unique_ptr<Pair>> pairs;
  while (true) {
    std::vector<pollfd> waits{{STDIN_FILENO, POLLIN, 0}, {listener, POLLIN, 0}};
    std::optional<Clock::time_point> soonest;
    for (const auto& pair : pairs) {
      add_direction(waits, pair->up, soonest);
      add_direction(waits, pair->down, soonest);
    }
    wait_for(waits, soonest);
    if (waits[0].revents != 0) {
      char line[64];
      const ssize_t got = read(STDIN_FILENO, line, sizeof line - 1);
      if (got <= 0) return 0;
      line[got] = '\0';
      one_way = std::chrono::microseconds(std::atoi(line)) / 2;
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const std::size_t at = 2 + 4 * i;
      if (waits[at].revents != 0) pairs[i]->up.read(one_way);
      if (waits[at + 2].revents != 0) pairs[i]->down.read(one_way);
      pairs[i]->up.write_due();
      pairs[i]->down.write_due();
    }
    std::erase_if(pairs, [](const auto& pair) { return pair->up.finished() || pair->down.finished(); });
    if (waits[1].revents != 0) accept_pair(listener, server, pairs);
  }
}
