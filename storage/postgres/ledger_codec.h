// The octets of one generation of a ledger: a version octet, then numbers of 8 octets (big end first) and
// texts with their length in front. Pure.
#pragma once

#include <string>
#include <string_view>

#include "storage/model/device.h"

namespace postern::postgres {

std::string encode_generation(const SyncGeneration& generation);
std::string encode_generation(const FolderGeneration& generation);
// internal: not what encode_generation writes.
Result<SyncGeneration> decode_sync_generation(std::string_view octets);
Result<FolderGeneration> decode_folder_generation(std::string_view octets);

}  // namespace postern::postgres
