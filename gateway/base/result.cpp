#include "gateway/base/result.h"

namespace postern {

std::string_view name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid: return "invalid";
    case ErrorKind::not_found: return "not_found";
    case ErrorKind::already_exists: return "already_exists";
    case ErrorKind::denied: return "denied";
    case ErrorKind::over_quota: return "over_quota";
    case ErrorKind::too_large: return "too_large";
    case ErrorKind::stale: return "stale";
    case ErrorKind::timed_out: return "timed_out";
    case ErrorKind::closed: return "closed";
    case ErrorKind::unavailable: return "unavailable";
    case ErrorKind::internal: return "internal";
  }
  return "unknown";
}

}  // namespace postern
