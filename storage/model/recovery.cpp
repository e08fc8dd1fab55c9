#include "storage/model/recovery.h"

#include "gateway/base/text.h"

namespace postern {

std::string to_text(const RecoverableKey& key) {
  return std::to_string(raw(key.mailbox)) + '-' + std::to_string(raw(key.removal)) + '-' +
         std::to_string(raw(key.uid));
}

Result<RecoverableKey> recoverable_key_from(std::string_view text) {
  const std::vector<std::string_view> parts = text::split(text, '-');
  const Error invalid(ErrorKind::invalid, "not a removed message: " + text::printable(text));
  if (parts.size() != 3) return invalid;
  const auto mailbox = text::number(parts[0], INT64_MAX);
  const auto removal = text::number(parts[1], INT64_MAX);
  const auto uid = text::number(parts[2], UINT32_MAX);
  if (!mailbox || !removal || !uid || *uid == 0) return invalid;
  RecoverableKey key;
  key.mailbox = MailboxId(static_cast<std::int64_t>(*mailbox));
  key.removal = ModSeq(*removal);
  key.uid = Uid(static_cast<std::uint32_t>(*uid));
  return key;
}

}  // namespace postern
