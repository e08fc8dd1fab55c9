#include "protocols/health/asked_metrics.h"

#include <fmt/format.h>

namespace postern::health {

namespace {

constexpr AskedFamily kBuild{"postern_build_info", "1, with the version that answers"};
constexpr AskedFamily kDatabaseUp{"postern_database_up", "1 if the database answers this worker, else 0"};
constexpr AskedFamily kWaiting{"postern_outbox_messages",
                               "Messages in the outbox of all nodes, counted to 100000"};
constexpr AskedFamily kOverdue{"postern_outbox_overdue_messages",
                               "Messages whose next attempt should have begun a minute ago"};
constexpr AskedFamily kOldest{"postern_outbox_oldest_seconds", "Age of the message that waits longest"};
constexpr AskedFamily kExpiry{"postern_certificate_expiry_timestamp_seconds",
                              "When a certificate of tls.certificates ends, by its file"};
constexpr AskedFamily kFamilies[] = {kBuild, kDatabaseUp, kWaiting, kOverdue, kOldest, kExpiry};

std::string head(const AskedFamily& family) {
  return fmt::format("# HELP {} {}\n# TYPE {} gauge\n", family.name, family.help, family.name);
}

// A label's value: backslash, quote and line end are escaped.
std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

template <class Value>
std::string sample(const AskedFamily& family, Value value) {
  return head(family) + fmt::format("{} {}\n", family.name, value);
}

}  // namespace

std::span<const AskedFamily> asked_families() {
  return kFamilies;
}

std::string to_text(const Asked& asked) {
  std::string text =
      head(kBuild) + fmt::format("{}{{version=\"{}\"}} 1\n", kBuild.name, escaped(asked.version));
  text += sample(kDatabaseUp, asked.outbox ? 1 : 0);
  if (asked.outbox) {
    text += sample(kWaiting, asked.outbox->waiting);
    text += sample(kOverdue, asked.outbox->overdue);
    text += sample(kOldest, static_cast<double>(asked.outbox->oldest.count()) / 1e3);
  }
  if (!asked.certificates.empty()) text += head(kExpiry);
  for (const CertificateFact& one : asked.certificates) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(one.expires.time_since_epoch()).count();
    text += fmt::format("{}{{file=\"{}\"}} {}\n", kExpiry.name, escaped(one.file), seconds);
  }
  return text;
}

}  // namespace postern::health
