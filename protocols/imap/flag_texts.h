// "(\Seen $Forwarded)" once per distinct flags of a mailbox, not once per message: mailboxes have many
// messages and few kinds of them.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "protocols/imap/mailbox_view.h"
#include "protocols/imap/response/fetch.h"

namespace postern::imap {

class FlagTexts {
 public:
  // Of the view's present snapshot; neither may change while this is in use.
  explicit FlagTexts(const MailboxView& view) : view_(view), any_recent_(!view.recent().empty()) {}

  // Valid until the next call.
  std::string_view of(const MessageState& state) {
    const bool recent = any_recent_ && view_.is_recent(state.uid);
    const std::uint64_t kind = (std::uint64_t{recent} << 32) | state.flags;
    if (last_ != nullptr && kind == last_kind_) return *last_;
    if (texts_.size() >= kTextsMax) texts_.clear();
    auto [at, inserted] = texts_.try_emplace(kind);
    if (inserted) at->second = flags_text(view_.snapshot()->flags(state), recent);
    last_kind_ = kind;
    last_ = &at->second;
    return *last_;
  }

 private:
  static constexpr std::size_t kTextsMax = 1000;

  const MailboxView& view_;
  const bool any_recent_;
  std::unordered_map<std::uint64_t, std::string> texts_;
  const std::string* last_ = nullptr;
  std::uint64_t last_kind_ = 0;
};

}  // namespace postern::imap
