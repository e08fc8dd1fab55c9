// The metrics that nobody counts: what is looked up when the page is asked for. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "storage/outbox.h"

namespace postern::health {

struct AskedFamily {
  std::string_view name;
  std::string_view help;
};
// All are gauges.
std::span<const AskedFamily> asked_families();

struct CertificateFact {
  CertificateFact(std::string f, WallTime e) : file(std::move(f)), expires(e) {}
  std::string file;
  WallTime expires{};
};

struct Asked {
  std::string version;
  std::optional<OutboxDepth> outbox;  // absent: the database does not answer
  std::vector<CertificateFact> certificates;
};
// In Prometheus' text format.
std::string to_text(const Asked& asked);

}  // namespace postern::health
