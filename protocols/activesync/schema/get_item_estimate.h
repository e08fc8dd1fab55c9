// GetItemEstimate: how many changes a Sync would bring. MS-ASCMD section 2.2.1.9.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/wbxml/element.h"

namespace postern::activesync {

// MS-ASCMD section 2.2.3.177.7
enum class EstimateStatus : std::uint16_t {
  ok = 1,
  invalid_collection = 2,
  not_primed = 3,
  invalid_sync_key = 4,
};

constexpr std::size_t kEstimateCollectionsMax = 1'000;

struct EstimateCollection {
  std::string collection_id;
  std::string sync_key;
  std::uint32_t filter_type = 0;  // as in SyncOptions
  std::optional<Status> refused;
};

// Refused as a whole: no collection at all, or one without an id, or too many.
Parsed<std::vector<EstimateCollection>> read_get_item_estimate(Element root);

struct Estimate {
  Status status = EstimateStatus::ok;
  std::string collection_id;
  std::uint64_t items = 0;  // told with ok
};
void write_estimates(std::string& out, const std::vector<Estimate>& estimates);
void write_estimate_refusal(std::string& out, Status status);

}  // namespace postern::activesync
