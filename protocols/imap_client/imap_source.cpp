#include "protocols/imap_client/imap_source.h"

#include <algorithm>
#include <set>

#include "storage/mailfiles/line_ends.h"

namespace postern::imap_client {

namespace {

using exchange::SourceFolder;
using exchange::SourceMessage;

constexpr std::size_t kFoldersMax = 100'000;
constexpr std::size_t kMessagesMax = 20'000'000;

// Folders that show what lies in others (RFC 6154 §2).
bool is_virtual(SpecialUse use) {
  return use == SpecialUse::all || use == SpecialUse::flagged || use == SpecialUse::important;
}

// The largest first, each to the share that has least: the same for all who ask.
std::vector<SourceFolder> share_of(std::vector<SourceFolder> folders, unsigned share, unsigned shares) {
  std::stable_sort(folders.begin(), folders.end(),
                   [](const SourceFolder& a, const SourceFolder& b) { return a.messages > b.messages; });
  std::vector<std::uint64_t> load(shares, 0);
  std::vector<SourceFolder> ours;
  for (SourceFolder& folder : folders) {
    const auto least = std::min_element(load.begin(), load.end());
    *least += folder.messages + 1;
    if (static_cast<unsigned>(least - load.begin()) == share) ours.push_back(std::move(folder));
  }
  return ours;
}

}  // namespace

Result<void> ImapSource::connect() {
  TRY(connection_, Connection::open(remote_, options_.message_octets_max + 64 * 1024));
  return {};
}

Result<std::vector<ListedMailbox>> ImapSource::list() {
  std::vector<ListedMailbox> found;
  const bool tells_roles = connection_->offers("SPECIAL-USE") && connection_->offers("LIST-EXTENDED");
  const std::string ask = std::string("LIST \"\" \"*\"") + (tells_roles ? " RETURN (SPECIAL-USE)" : "");
  TRY_VOID(connection_->command(ask, [&found](const Response& response) -> Result<void> {
    TRY(std::optional<ListedMailbox> one, parse_list(response));
    if (one && found.size() == kFoldersMax) return Error(ErrorKind::too_large, "too many folders");
    if (one) found.push_back(*std::move(one));
    return {};
  }));
  return found;
}

Result<std::vector<SourceFolder>> ImapSource::folders() {
  TRY_VOID(connect());
  TRY(const std::vector<ListedMailbox> listed, list());
  std::vector<SourceFolder> folders;
  std::set<SpecialUse> roles_taken;
  for (const ListedMailbox& one : listed) {
    if (!one.selectable) continue;
    SourceFolder folder;
    folder.path = one.name;
    auto name = local_name(one);
    const auto role = options_.roles.find(one.use);
    const bool has_role = role != options_.roles.end() && roles_taken.insert(one.use).second;
    if (is_virtual(one.use)) {
      folder.refused = one.name + ": shows what lies in other folders";
    } else if (has_role) {
      folder.mailbox = role->second;
    } else if (name) {
      folder.mailbox = *std::move(name);
    } else {
      folder.refused = one.name + ": " + name.error().detail;
    }
    if (folder.refused.empty()) TRY_VOID(count(folder));
    folders.push_back(std::move(folder));
  }
  return share_of(std::move(folders), options_.share, options_.shares);
}

// A server that does not say is believed to have none: it only serves sharing and progress.
Result<void> ImapSource::count(SourceFolder& folder) {
  const auto name = quoted(folder.path);
  if (!name) return {};
  const auto counted =
      connection_->command("STATUS " + *name + " (MESSAGES)", [&folder](const Response& response) {
        if (const auto messages = parse_status_messages(response)) folder.messages = *messages;
        return Result<void>();
      });
  if (!counted && counted.error().kind != ErrorKind::invalid) return counted;
  return {};
}

Result<void> ImapSource::enter(SourceFolder& folder) {
  folder_ = folder.path;
  passed_over_ = UidSet();
  listed_.clear();
  is_listed_ = false;
  at_ = 0;
  group_.clear();
  given_ = 0;
  uid_validity_ = 0;
  std::uint32_t uid_next = 0;
  TRY(const std::string name, quoted(folder_));
  const auto opened = connection_->command("EXAMINE " + name, [&](const Response& response) {
    if (const auto validity = code_number(response, "UIDVALIDITY")) uid_validity_ = *validity;
    if (const auto next = code_number(response, "UIDNEXT")) uid_next = *next;
    return Result<void>();
  });
  if (!opened) return opened;
  if (uid_validity_ == 0) return Error(ErrorKind::invalid, "the server tells no UIDVALIDITY");
  folder.source_validity = UidValidity(uid_validity_);
  if (!options_.keep_uids) return {};
  folder.uid_validity = UidValidity(uid_validity_);
  folder.uid_next = Uid(std::max(uid_next, 1U));
  return {};
}

Result<void> ImapSource::list_messages() {
  is_listed_ = true;
  const auto listed =
      connection_->command("UID FETCH 1:* (UID RFC822.SIZE)", [this](Response response) -> Result<void> {
        TRY(const std::optional<Fetched> fetched, parse_fetch(std::move(response)));
        if (!fetched || !fetched->uid) return {};
        if (listed_.size() == kMessagesMax) return Error(ErrorKind::too_large, "too many messages");
        Listed one;
        one.uid = *fetched->uid;
        one.size = fetched->size.value_or(0);
        if (!passed_over_.contains(one.uid)) listed_.push_back(one);
        return {};
      });
  if (!listed) return listed;
  std::sort(listed_.begin(), listed_.end(), [](const Listed& a, const Listed& b) { return a.uid < b.uid; });
  // A server may tell a message twice.
  listed_.erase(std::unique(listed_.begin(), listed_.end(),
                            [](const Listed& a, const Listed& b) { return a.uid == b.uid; }),
                listed_.end());
  return {};
}

// The next messages, a few and not too large together, by UID whatever the order in which they are told.
Result<void> ImapSource::fetch_group() {
  UidSet wanted;
  std::uint64_t octets = 0;
  while (at_ < listed_.size() && wanted.size() < kGroupMessages) {
    const Listed& one = listed_[at_];
    const bool too_large = one.size > options_.message_octets_max;
    if (!too_large && !wanted.empty() && octets + one.size > kGroupOctets) break;
    ++at_;
    if (too_large) {
      group_.push_back(refused(one.uid, std::to_string(one.size) + " octets are too many"));
      continue;
    }
    octets += one.size;
    wanted.add(one.uid);
  }
  if (wanted.empty()) return {};
  const std::string items = " (UID FLAGS INTERNALDATE BODY.PEEK[])";
  TRY_VOID(
      connection_->command("UID FETCH " + wanted.to_text() + items, [&](Response response) -> Result<void> {
        TRY(std::optional<Fetched> fetched, parse_fetch(std::move(response)));
        if (!fetched || !fetched->uid || !fetched->octets || !wanted.contains(*fetched->uid)) return {};
        wanted.remove(*fetched->uid);
        group_.push_back(message_of(*std::move(fetched)));
        return {};
      }));
  // Deleted there between the list and now, most likely.
  wanted.each([this](Uid uid) { group_.push_back(refused(uid, "the server does not give it")); });
  std::stable_sort(group_.begin(), group_.end(), [](const SourceMessage& a, const SourceMessage& b) {
    return a.source_uid.value_or(Uid{}) < b.source_uid.value_or(Uid{});
  });
  return {};
}

Result<std::optional<SourceMessage>> ImapSource::next() {
  if (!is_listed_) TRY_VOID(list_messages());
  if (given_ == group_.size()) {
    group_.clear();
    given_ = 0;
    while (group_.empty() && at_ < listed_.size()) TRY_VOID(fetch_group());
    if (group_.empty()) return std::optional<SourceMessage>();
  }
  return std::optional<SourceMessage>(std::move(group_[given_++]));
}

SourceMessage ImapSource::refused(Uid uid, const std::string& why) const {
  SourceMessage message;
  message.refused = folder_ + ", UID " + std::to_string(raw(uid)) + ": " + why;
  return message;
}

SourceMessage ImapSource::message_of(Fetched fetched) const {
  SourceMessage message;
  message.name = folder_ + '/' + std::to_string(uid_validity_) + '/' + std::to_string(raw(*fetched.uid));
  if (fetched.octets->empty()) return refused(*fetched.uid, "empty");
  mailfiles::CrlfWriter().feed(*fetched.octets, message.octets);
  message.flags = std::move(fetched.flags);
  message.internal_date = fetched.internal_date;
  message.internal_zone_minutes = fetched.internal_zone_minutes;
  message.source_uid = fetched.uid;
  if (options_.keep_uids) message.uid = fetched.uid;
  return message;
}

}  // namespace postern::imap_client
