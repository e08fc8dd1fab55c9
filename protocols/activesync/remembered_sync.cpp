#include "protocols/activesync/remembered_sync.h"

#include <algorithm>

#include "protocols/activesync/octet_fields.h"

namespace postern::activesync {

namespace {
constexpr std::uint64_t kFormat = 1;
constexpr std::uint64_t kUnitMinutes = 2;
}  // namespace

std::string encode_remembered(const SyncRequest& request) {
  OctetWriter out;
  out.number(kFormat);
  out.number(request.wait_s.value_or(0));
  out.number(request.wait_in_minutes ? kUnitMinutes : 0);
  out.number(request.window_size);
  out.number(request.collections.size());
  for (const SyncCollection& one : request.collections) {
    out.text(one.collection_id);
    out.number(one.window_size);
    out.number(one.get_changes || one.sync_key == "0" ? 1 : 0);
    out.number(one.deletes_as_moves ? 1 : 0);
  }
  return out.take();
}

Result<SyncRequest> decode_remembered(std::string_view octets) {
  OctetReader in(octets);
  SyncRequest request;
  const bool known_format = in.number() == kFormat;
  const auto wait_s = static_cast<std::uint32_t>(in.number(UINT32_MAX));
  if (wait_s > 0) request.wait_s = wait_s;
  request.wait_in_minutes = in.number() == kUnitMinutes;
  request.window_size = static_cast<std::uint32_t>(in.number(kWindowSizeMax));
  for (std::size_t left = in.count(); left > 0; --left) {
    SyncCollection one;
    one.collection_id = in.text();
    one.window_size = static_cast<std::uint32_t>(in.number(kWindowSizeMax));
    one.get_changes = in.number(1) == 1;
    one.deletes_as_moves = in.number(1) == 1;
    request.collections.push_back(std::move(one));
  }
  if (!known_format || !in.ok() || !in.at_end()) return Error(ErrorKind::internal, "a remembered Sync");
  return request;
}

SyncRequest completed(SyncRequest partial, SyncRequest before) {
  if (!partial.wait_s) {
    partial.wait_s = before.wait_s;
    partial.wait_in_minutes = before.wait_in_minutes;
  }
  if (partial.window_size == kWindowSizeMax) partial.window_size = before.window_size;
  for (SyncCollection& one : before.collections) {
    const bool named =
        std::any_of(partial.collections.begin(), partial.collections.end(),
                    [&one](const SyncCollection& other) { return other.collection_id == one.collection_id; });
    if (!named) partial.collections.push_back(std::move(one));
  }
  partial.partial = false;
  return partial;
}

}  // namespace postern::activesync
