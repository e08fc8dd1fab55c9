#include "storage/exchange/export_target.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "gateway/base/text.h"
#include "storage/exchange/disk.h"
#include "storage/mailfiles/line_ends.h"
#include "storage/mailfiles/maildir.h"

namespace postern::exchange {

namespace {

std::string in_unix_lines(std::string_view octets) {
  std::string text;
  mailfiles::LfWriter writer;
  writer.feed(octets, text);
  writer.finish(text);
  return text;
}

// UIDs and UIDVALIDITY tell a message for ever, so they are the name.
std::string base_name(const MailboxStatus& status, const MessageFacts& facts, std::size_t octets) {
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(facts.internal_date.time_since_epoch()).count();
  return fmt::format("{}.V{}U{}.postern,S={}", std::max<std::int64_t>(seconds, 0), raw(status.uid_validity),
                     raw(facts.uid), octets);
}

class MaildirTarget final : public ExportTarget {
 public:
  MaildirTarget(std::string path, const Mailbox& mailbox) : path_(std::move(path)), status_(mailbox.status) {}

  Result<void> open(bool folder) {
    for (const char* part : {"/cur", "/new", "/tmp"}) TRY_VOID(make_directory(path_ + part));
    if (folder && !is_file(path_ + "/maildirfolder")) TRY_VOID(write("/maildirfolder", "", std::nullopt));
    TRY(const auto entries, list_directory(path_ + "/cur"));
    for (const DirectoryEntry& entry : entries) {
      const auto name = mailfiles::parse_maildir_name(entry.name);
      const auto mark = name.base.find(".V" + std::to_string(raw(status_.uid_validity)) + "U");
      if (mark == std::string::npos) continue;
      const std::string_view rest = std::string_view(name.base).substr(name.base.find('U', mark) + 1);
      const auto uid = text::number(rest.substr(0, rest.find('.')), UINT32_MAX);
      if (uid) note(Uid(static_cast<std::uint32_t>(*uid)), name.base);
    }
    constexpr std::uint64_t kListOctetsMax = 1024 * 1024;
    if (const auto list = read_file(path_ + "/dovecot-keywords", kListOctetsMax))
      keywords_ = mailfiles::parse_keyword_list(list->octets);
    return {};
  }

  bool has(const MessageFacts& facts) const override { return uids_.contains(facts.uid); }

  Result<void> write(const ExportedMessage& message) override {
    const std::string text = in_unix_lines(message.octets);
    const std::string base = base_name(status_, message.facts, text.size());
    std::vector<std::size_t> keywords;
    for (const std::string& keyword : message.flags.keywords) {
      auto at = std::find(keywords_.begin(), keywords_.end(), keyword);
      if (at == keywords_.end()) {
        // Letters mean nothing without the list, so it is there before a file that has one.
        at = keywords_.insert(at, keyword);
        TRY_VOID(replace("/dovecot-keywords", mailfiles::keyword_list_text(keywords_)));
      }
      keywords.push_back(static_cast<std::size_t>(at - keywords_.begin()));
    }
    const std::string name = base + mailfiles::maildir_info(message.flags.system, keywords);
    TRY_VOID(write("/cur/" + name, text, message.facts.internal_date));
    note(message.facts.uid, base);
    return {};
  }

  Result<void> finish() override {
    list_.uid_validity = status_.uid_validity;
    list_.uid_next = status_.uid_next;
    return replace("/dovecot-uidlist", mailfiles::uid_list_text(list_));
  }

 private:
  void note(Uid uid, const std::string& base) {
    uids_.insert(uid);
    mailfiles::UidListEntry entry;
    entry.uid = uid;
    list_.by_base[base] = std::move(entry);
  }

  Result<void> write(const std::string& name, std::string_view octets, std::optional<WallTime> modified_at,
                     bool replaces = false) {
    NewFile file;
    file.path = path_ + name;
    file.part = path_ + "/tmp/postern-export";
    file.modified_at = modified_at;
    file.replaces = replaces;
    return write_file(file, octets);
  }

  Result<void> replace(const std::string& name, const std::string& text) {
    return write(name, text, std::nullopt, true);
  }

  const std::string path_;
  const MailboxStatus status_;
  std::set<Uid> uids_;
  mailfiles::UidList list_;
  std::vector<std::string> keywords_;
};

class EmlTarget final : public ExportTarget {
 public:
  EmlTarget(std::string path, const Mailbox& mailbox) : path_(std::move(path)), status_(mailbox.status) {}
  Result<void> open() { return make_directory(path_); }
  bool has(const MessageFacts& facts) const override { return is_file(file_of(facts)); }
  Result<void> write(const ExportedMessage& message) override {
    NewFile file;
    file.path = file_of(message.facts);
    file.part = file.path + ".part";
    file.modified_at = message.facts.internal_date;
    return write_file(file, message.octets);
  }
  Result<void> finish() override { return {}; }

 private:
  std::string file_of(const MessageFacts& facts) const {
    return fmt::format("{}/{}-{:08}.eml", path_, raw(status_.uid_validity), raw(facts.uid));
  }
  const std::string path_;
  const MailboxStatus status_;
};

class MboxTarget final : public ExportTarget {
 public:
  MboxTarget(std::string path, mailfiles::MboxDialect dialect) : path_(std::move(path)), dialect_(dialect) {}
  MboxTarget(const MboxTarget&) = delete;
  MboxTarget& operator=(const MboxTarget&) = delete;
  ~MboxTarget() override {
    if (file_ >= 0) ::close(file_);
  }

  Result<void> open() {
    if (is_file(path_)) return Error(ErrorKind::already_exists, path_ + ": is there already");
    file_ = ::open((path_ + ".part").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    return file_ >= 0 ? Result<void>() : failed();
  }
  bool has(const MessageFacts&) const override { return false; }

  Result<void> write(const ExportedMessage& message) override {
    mailfiles::Separator separator;
    separator.date = message.facts.internal_date;
    std::string text;
    mailfiles::MboxWriter writer(dialect_, separator, message.flags, text);
    writer.feed(message.octets, text);
    writer.finish(text);
    for (std::string_view rest = text; !rest.empty();) {
      const ssize_t count = ::write(file_, rest.data(), rest.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return failed();
      rest.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
  }

  Result<void> finish() override {
    if (::fsync(file_) != 0 || ::rename((path_ + ".part").c_str(), path_.c_str()) != 0) return failed();
    return {};
  }

 private:
  Error failed() const { return Error(ErrorKind::unavailable, path_ + ": " + std::strerror(errno)); }
  const std::string path_;
  const mailfiles::MboxDialect dialect_;
  int file_ = -1;
};

// "a/b" below `path`. Names of mailboxes have no "." level by themselves: what could lead out gets a '_'.
std::string path_below(const std::string& path, const MailboxName& name) {
  std::string whole = path;
  for (const std::string_view level : text::split(name.text(), kHierarchySeparator)) {
    whole += '/';
    if (level.front() == '.') whole += '_';
    whole += level;
  }
  return whole;
}

}  // namespace

Result<std::unique_ptr<ExportTarget>> open_target(const ExportRequest& request, const Mailbox& mailbox) {
  if (request.kind == ArchiveKind::maildir) {
    const std::string folder = mailfiles::folder_directory(mailbox.name);
    auto target =
        std::make_unique<MaildirTarget>(folder.empty() ? request.path : request.path + '/' + folder, mailbox);
    TRY_VOID(target->open(!folder.empty()));
    return std::unique_ptr<ExportTarget>(std::move(target));
  }
  const std::string path = path_below(request.path, mailbox.name);
  if (request.kind == ArchiveKind::eml) {
    auto target = std::make_unique<EmlTarget>(mailbox.name.is_inbox() ? request.path : path, mailbox);
    TRY_VOID(target->open());
    return std::unique_ptr<ExportTarget>(std::move(target));
  }
  TRY_VOID(make_directory(path.substr(0, path.rfind('/'))));
  auto target = std::make_unique<MboxTarget>(path + ".mbox", request.dialect);
  TRY_VOID(target->open());
  return std::unique_ptr<ExportTarget>(std::move(target));
}

}  // namespace postern::exchange
