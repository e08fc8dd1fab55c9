#include "tests/support/s3_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace postern::tests {

namespace {

const std::string kSource = std::string(POSTERN_SOURCE_DIR) + "/tests/s3";
const std::string kProgram = kSource + "/server.mjs";

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  ::bind(probe, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(probe);
  return ntohs(address.sin_port);
}

bool answers(int port) {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool connected = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(probe);
  return connected;
}

// The server's own names for its two keys.
void write_key(const std::string& path) {
  std::ofstream(path) << "S3RVER\n";
  ::chmod(path.c_str(), 0600);
}

}  // namespace

S3Server::S3Server(std::string directory) : directory_(std::move(directory)), port_(free_port()) {
  std::filesystem::create_directories(directory_ + "/objects");
  write_key(directory_ + "/access");
  write_key(directory_ + "/secret");
  start();
}

S3Server::~S3Server() {
  stop();
}

bool S3Server::is_installed() {
  return ::access((kSource + "/node_modules/s3rver").c_str(), R_OK) == 0;
}

void S3Server::start() {
  const std::string objects = directory_ + "/objects";
  const std::string port = std::to_string(port_);
  process_ = ::fork();
  if (process_ == 0) {
    const int nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, STDOUT_FILENO);
    ::execlp("node", "node", kProgram.c_str(), objects.c_str(), port.c_str(), "mail", nullptr);
    ::_exit(127);
  }
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!answers(port_)) {
    if (std::chrono::steady_clock::now() > give_up) throw std::runtime_error("the S3 server does not start");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void S3Server::stop() {
  if (process_ < 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

S3Settings S3Server::settings() const {
  S3Settings settings;
  settings.endpoint = "http://127.0.0.1:" + std::to_string(port_);
  settings.bucket = "mail";
  settings.prefix = "postern/";
  settings.access_key_file = directory_ + "/access";
  settings.secret_key_file = directory_ + "/secret";
  return settings;
}

}  // namespace postern::tests
