#include "protocols/demo/wire.h"

#include <algorithm>

#include "gateway/net/connect.h"

namespace postern::demo {

namespace {

// Where one listens on every address, this machine's own will do.
std::string host_of(const EndpointSettings& endpoint) {
  if (endpoint.address == "0.0.0.0") return "127.0.0.1";
  return endpoint.address == "::" ? "::1" : endpoint.address;
}

}  // namespace

Wire::Wire(Scene& scene, std::unique_ptr<LineIo> io) : scene_(scene), io_(std::move(io)) {
  scene_.wires_.insert(this);
}

Wire::~Wire() {
  scene_.wires_.erase(this);
}

Task<Result<std::unique_ptr<Wire>>> Wire::open(Scene& scene, const Stage& stage,
                                               const std::vector<EndpointSettings>& endpoints,
                                               std::string tls) {
  const auto found = std::find_if(endpoints.begin(), endpoints.end(),
                                  [&tls](const EndpointSettings& endpoint) { return endpoint.tls == tls; });
  if (found == endpoints.end()) co_return Error(ErrorKind::not_found, "The settings have no such endpoint");
  const Deadline deadline = usual();
  CO_TRY(auto stream, co_await connect_tcp(stage.loop(), host_of(*found), found->port, deadline));
  auto wire = std::make_unique<Wire>(scene, std::make_unique<LineIo>(stage.loop(), std::move(stream)));
  if (tls == "implicit") {
    CO_TRY_VOID(co_await wire->io_->start_tls_client(stage.trust, stage.settings.server.hostname, deadline));
  }
  co_return wire;
}

Task<Result<void>> Wire::send(std::string line, std::string shown) {
  std::string told = shown.empty() ? line : std::move(shown);
  CO_TRY_VOID(co_await scene_.said(Speaker::client, std::move(told)));
  line += "\r\n";
  co_return co_await send_octets(line);
}

Task<Result<void>> Wire::send_octets(std::string_view octets) {
  co_return co_await io_->write(octets, usual());
}

Task<Result<std::string>> Wire::read(Deadline deadline) {
  CO_TRY(std::string line, co_await read_silently(deadline));
  CO_TRY_VOID(co_await scene_.said(Speaker::server, line));
  co_return line;
}

Task<Result<std::string>> Wire::read_silently(Deadline deadline) {
  CO_TRY(Line line, co_await io_->read_line(kLineOctetsMax, deadline));
  if (line.too_long) co_return Error(ErrorKind::too_large, "a line beyond all bounds");
  co_return std::move(line.text);
}

Task<Result<std::string>> Wire::read_octets(std::size_t octets) {
  std::string read;
  while (read.size() < octets) {
    CO_TRY(const std::string_view some, co_await io_->read_some(octets - read.size(), usual()));
    read += some;
  }
  co_return read;
}

Task<Result<std::string_view>> Wire::read_some(Deadline deadline) {
  co_return co_await io_->read_some(LineIo::kOutputFull, deadline);
}

}  // namespace postern::demo
