// Wire: a client's connection to one of this server's own doors, as a program elsewhere would make it; what
// goes over it is told to the scene.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/net/line_io.h"
#include "protocols/demo/scene.h"
#include "protocols/demo/stage.h"

namespace postern::demo {

class Wire {
 public:
  // To the door's endpoint of that kind ("none", "implicit"), with TLS if it is implicit. not_found: there is
  // none; unavailable, denied, timed_out.
  static Task<Result<std::unique_ptr<Wire>>> open(Scene& scene, const Stage& stage,
                                                  const std::vector<EndpointSettings>& endpoints,
                                                  std::string tls);
  Wire(Scene& scene, std::unique_ptr<LineIo> io);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // A line; `shown` stands in its place where it has a secret. closed, timed_out.
  Task<Result<void>> send(std::string line, std::string shown = {});
  // Octets as they are, told by nobody.
  Task<Result<void>> send_octets(std::string_view octets);
  Task<Result<std::string>> read(Deadline deadline = usual());
  Task<Result<std::string>> read_silently(Deadline deadline = usual());
  Task<Result<std::string>> read_octets(std::size_t octets);
  Task<Result<std::string_view>> read_some(Deadline deadline);
  void give_back(std::string_view tail) { io_->give_back(tail); }
  void close() { io_->close(); }

  Scene& scene() { return scene_; }
  static Deadline usual() { return Deadline::after(kAnswerMax); }

  static constexpr std::chrono::seconds kAnswerMax{30};
  static constexpr std::size_t kLineOctetsMax = 64 * 1024;

 private:
  Scene& scene_;
  std::unique_ptr<LineIo> io_;
};

}  // namespace postern::demo
