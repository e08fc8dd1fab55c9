// Times as the API writes them (RFC 3339, UTC, whole seconds), and reads them. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "protocols/admin/answer.h"

namespace postern::admin {

std::string time_text(WallTime time);  // "2026-11-23T18:00:00Z"
Json time_json(const std::optional<WallTime>& time);
// Only UTC, with or without a fraction. nullopt: not such a time.
std::optional<WallTime> time_from(std::string_view text);
// "2026-11".
bool is_month(std::string_view text);

}  // namespace postern::admin
