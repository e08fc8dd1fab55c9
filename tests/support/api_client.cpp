#include "tests/support/api_client.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "gateway/base/text.h"

namespace postern::tests {

namespace {

class Connection {
 public:
  Connection(const std::string& socket_path, std::uint16_t port) {
    if (socket_path.empty()) {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(port);
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      connected(::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address));
    } else {
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      socket_path.copy(address.sun_path, sizeof address.sun_path - 1);
      descriptor_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      connected(::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address));
    }
  }
  ~Connection() { ::close(descriptor_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  std::string exchange(const std::string& request) const {
    for (std::size_t sent = 0; sent < request.size();) {
      const ssize_t count = ::send(descriptor_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) break;  // the answer may have come before the body
      sent += static_cast<std::size_t>(count);
    }
    std::string answer;
    char piece[16384];
    while (true) {
      const ssize_t count = ::recv(descriptor_, piece, sizeof piece, 0);
      if (count <= 0) return answer;
      answer.append(piece, static_cast<std::size_t>(count));
    }
  }

 private:
  static void connected(int outcome) {
    if (outcome != 0) throw std::runtime_error("nobody listens");
  }
  int descriptor_ = -1;
};

std::string without_chunks(const std::string& octets) {
  std::string body;
  for (std::size_t at = 0; at < octets.size();) {
    const std::size_t line = octets.find("\r\n", at);
    const std::size_t size = std::stoul(octets.substr(at, line - at), nullptr, 16);
    if (size == 0) break;
    body += octets.substr(line + 2, size);
    at = line + 2 + size + 2;
  }
  return body;
}

}  // namespace

ApiAnswer ApiClient::ask(const std::string& method, const std::string& path, const std::string& body) const {
  std::string request =
      method + " /api/v1" + path + " HTTP/1.1\r\nHost: mail.example.test\r\nConnection: close\r\n";
  for (const auto& [name, value] : fields) request += name + ": " + value + "\r\n";
  if (!body.empty()) request += "Content-Type: application/json\r\n";
  request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  const std::string octets = Connection(socket, port).exchange(request);
  const std::size_t head_end = octets.find("\r\n\r\n");
  if (head_end == std::string::npos) throw std::runtime_error("no answer to " + method + " " + path);
  ApiAnswer answer;
  answer.status = std::stoi(octets.substr(octets.find(' ') + 1, 3));
  const std::string head = octets.substr(0, head_end);
  for (const std::string_view line : text::split(head, '\n')) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    answer.fields[text::to_lower(line.substr(0, colon))] = std::string(text::trim(line.substr(colon + 2)));
  }
  answer.octets = octets.substr(head_end + 4);
  if (answer.fields["transfer-encoding"] == "chunked") answer.octets = without_chunks(answer.octets);
  answer.body = nlohmann::json::parse(answer.octets, nullptr, false);
  return answer;
}

ApiClient ApiClient::signed_in(const std::string& name, const std::string& password) const {
  nlohmann::json body;
  body["name"] = name;
  body["password"] = password;
  const ApiAnswer answer = ask("POST", "/session", body);
  if (answer.status != 201) throw std::runtime_error("not signed in: " + answer.octets);
  const std::string cookie = answer.fields.at("set-cookie");
  return with("Cookie", cookie.substr(0, cookie.find(';'))).with("X-CSRF-Token", answer.body["csrf_token"]);
}

}  // namespace postern::tests
