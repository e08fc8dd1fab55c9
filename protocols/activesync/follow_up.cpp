#include "protocols/activesync/follow_up.h"

#include "protocols/activesync/wbxml/reader.h"

namespace postern::activesync {

namespace {

FollowUpFlag plain_flag() {
  FollowUpFlag flag;
  flag.status = FlagStatus::active;
  flag.type = "Follow up";
  return flag;
}

}  // namespace

std::string encode(const FollowUpFlag& flag) {
  const bool says_nothing = flag.status == FlagStatus::cleared || flag == plain_flag();
  if (says_nothing) return {};
  std::string octets;
  Writer out(octets);
  write_flag(out, flag);
  return octets;
}

std::optional<FollowUpFlag> decode_follow_up(const std::string& details) {
  const auto document = read(details);
  if (!document || document->root().tag() != "Email:Flag"_tag) return std::nullopt;
  return read_flag(document->root());
}

FollowUpFlag follow_up_flag(const Flags& flags, const std::optional<FollowUpFlag>& kept) {
  const bool flagged = flags.has(SystemFlag::flagged);
  const FlagStatus status = kept ? kept->status : FlagStatus::cleared;
  const bool still_true = flagged ? status == FlagStatus::active : status == FlagStatus::complete;
  if (still_true) return *kept;
  return flagged ? plain_flag() : FollowUpFlag();
}

Task<Result<FollowUps>> FollowUps::load(MessageStore& messages, MailboxKey mailbox, UidSet uids) {
  FollowUps loaded;
  std::vector<UidSet> parts(1);
  uids.each([&parts](Uid uid) {
    if (parts.back().size() == MessageStore::kFactsMax) parts.emplace_back();
    parts.back().add(uid);
  });
  for (UidSet& part : parts) {
    if (part.empty()) break;
    CO_TRY(const std::vector<FollowUp> kept, co_await messages.follow_ups(mailbox, std::move(part)));
    for (const FollowUp& one : kept) {
      auto flag = decode_follow_up(one.details);
      if (flag) loaded.flags_.emplace(one.uid, *std::move(flag));
    }
  }
  co_return loaded;
}

std::optional<FollowUpFlag> FollowUps::of(Uid uid) const {
  const auto found = flags_.find(uid);
  return found == flags_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace postern::activesync
