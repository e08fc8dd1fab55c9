// ResolveRecipients: who a name or address is, with certificates, free and busy times and photographs as far
// as there are any. MS-ASCMD section 2.2.1.15.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/activesync/schema/gal.h"
#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/schema/values.h"

namespace postern::activesync {

// MS-ASCMD section 2.2.3.177.12: of the whole, of a Response, and of Certificates.
enum class ResolveStatus : std::uint16_t {
  ok = 1,
  ambiguous = 2,
  ambiguous_and_partial = 3,
  not_resolved = 4,
  protocol_error = 5,
  server_error = 6,
  no_certificate = 7,
  certificate_limit_reached = 8,
};

constexpr std::size_t kResolveRecipientsMax = 100;
constexpr std::size_t kResolveNameOctetsMax = 1024;  // 256 characters
constexpr std::uint32_t kResolveLimitMax = 9'999;

struct AvailabilityWindow {
  WallTime start, end;
};

struct ResolveRequest {
  std::vector<std::string> to;
  bool certificates = false;  // whole or mini
  std::uint32_t certificates_max = kResolveLimitMax;
  std::uint32_t ambiguous_max = kResolveLimitMax;
  std::optional<AvailabilityWindow> availability;
  std::optional<PictureLimits> pictures;
};

Parsed<ResolveRequest> read_resolve_recipients(Element root);

enum class RecipientSource : std::uint8_t { gal = 1, contact = 2 };

struct ResolvedRecipient {
  RecipientSource source = RecipientSource::gal;
  std::string display_name;
  std::string email_address;
  std::optional<Status> availability;  // asked for, and what came of it
  std::string merged_free_busy;        // one digit for 30 minutes
  std::optional<Status> certificates;
  std::optional<Picture> picture;
};
struct ResolvedName {
  std::string to;
  Status status = ResolveStatus::ok;
  std::uint32_t total = 0;  // all that match; fewer may be listed
  std::vector<ResolvedRecipient> recipients;
};
struct ResolveResponse {
  Status status = ResolveStatus::ok;
  std::vector<ResolvedName> names;
};
void write(std::string& out, const ResolveResponse& response);

}  // namespace postern::activesync
