// What a store does for a while, or once: answers that are lost, refusals that pass.
#include "storage/backup/s3_client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace postern::backup {
namespace {

// Answers one request after the other by a script, each on a connection of its own; "" closes it without a
// word.
class ScriptedStore {
 public:
  explicit ScriptedStore(std::vector<std::string> script) : script_(std::move(script)) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    ::listen(socket_, 8);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~ScriptedStore() { join(); }
  void join() {
    if (thread_.joinable()) thread_.join();
    ::close(socket_);
  }
  S3Settings settings() const {
    S3Settings settings;
    settings.endpoint = "http://127.0.0.1:" + std::to_string(port_);
    return settings;
  }
  std::vector<std::string> heads;

 private:
  void serve() {
    for (const std::string& answer : script_) {
      const int client = ::accept(socket_, nullptr, nullptr);
      std::string head;
      char octets[4096];
      while (head.find("\r\n\r\n") == std::string::npos) {
        const ssize_t count = ::recv(client, octets, sizeof octets, 0);
        if (count <= 0) break;
        head.append(octets, static_cast<std::size_t>(count));
      }
      heads.push_back(head);
      if (!answer.empty()) ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
      ::close(client);
    }
  }

  const std::vector<std::string> script_;
  int socket_ = -1;
  int port_ = 0;
  std::thread thread_;
};

S3Client::Keys some_keys() {
  S3Client::Keys keys;
  keys.access = "access";
  keys.secret = Secret("secret");
  return keys;
}

std::string answer(const std::string& status, const std::string& body = "") {
  return "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

S3Request get() {
  S3Request request;
  request.path = "/bucket/key";
  request.query = "list-type=2&prefix=a%2Fb";
  return request;
}

TEST(S3Client, SignsWhatItAsks) {
  ScriptedStore store({answer("200 OK", "words")});
  S3Client client(store.settings(), some_keys());
  const auto answered = client.ask(get());
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->status, 200);
  EXPECT_EQ(answered->text, "words");
  EXPECT_FALSE(answered->in_doubt);
  store.join();
  EXPECT_TRUE(store.heads.at(0).starts_with("GET /bucket/key?list-type=2&prefix=a%2Fb HTTP/1.1"));
  EXPECT_NE(store.heads.at(0).find("AWS4-HMAC-SHA256 Credential=access/"), std::string::npos);
  EXPECT_NE(store.heads.at(0).find("/us-east-1/s3/aws4_request"), std::string::npos);
}

TEST(S3Client, WhatPassesIsTriedAgain) {
  ScriptedStore store({answer("503 Slow Down"), answer("500 No"), answer("200 OK", "words")});
  S3Client client(store.settings(), some_keys());
  const auto answered = client.ask(get());
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->text, "words");
}

TEST(S3Client, ALostAnswerLeavesDoubt) {
  ScriptedStore store({"", answer("412 Precondition Failed")});
  S3Client client(store.settings(), some_keys());
  const auto answered = client.ask(get());
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->status, 412);
  EXPECT_TRUE(answered->in_doubt);
}

TEST(S3Client, RefusalsAreNotTriedAgain) {
  ScriptedStore store({answer("403 Forbidden", "<Error><Code>AccessDenied</Code></Error>")});
  S3Client client(store.settings(), some_keys());
  EXPECT_EQ(client.ask(get())->status, 403);
}

TEST(S3Client, InTheEndItGivesUp) {
  ScriptedStore store(std::vector<std::string>(S3Client::kAttemptsMax, answer("503 Slow Down")));
  S3Client client(store.settings(), some_keys());
  const auto answered = client.ask(get());
  ASSERT_FALSE(answered);
  EXPECT_EQ(answered.error().kind, ErrorKind::unavailable);
  EXPECT_NE(answered.error().detail.find("503"), std::string::npos);
}

TEST(S3Client, AnAnswerIsBounded) {
  ScriptedStore store({answer("200 OK", std::string(kS3TextOctetsMax + 1, 'x'))});
  S3Client client(store.settings(), some_keys());
  EXPECT_FALSE(client.ask(get()));
}

}  // namespace
}  // namespace postern::backup
