#include "storage/model/session.h"

#include "gateway/base/text.h"

namespace postern {

std::string to_text(const SessionKey& key) {
  return std::to_string(key.worker) + '-' + std::to_string(key.number);
}

Result<SessionKey> session_key_from(std::string_view text) {
  const std::vector<std::string_view> parts = text::split(text, '-');
  const Error invalid(ErrorKind::invalid, "not a session: " + text::printable(text));
  if (parts.size() != 2) return invalid;
  const auto worker = text::number(parts[0], INT64_MAX);
  const auto number = text::number(parts[1], INT64_MAX);
  if (!worker || !number) return invalid;
  SessionKey key;
  key.worker = static_cast<std::int64_t>(*worker);
  key.number = *number;
  return key;
}

std::string page_key_of(const SessionEntry& entry) {
  return entry.account + ' ' + std::to_string(entry.key.worker) + ' ' + std::to_string(entry.key.number);
}

}  // namespace postern
