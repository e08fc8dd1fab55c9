// A Maildir with the folders of a Maildir++ beside it, or with folders as directories below it.
#include <algorithm>

#include "storage/exchange/disk.h"
#include "storage/exchange/source.h"
#include "storage/mailfiles/line_ends.h"
#include "storage/mailfiles/maildir.h"

namespace postern::exchange {

namespace {

constexpr std::uint64_t kListOctetsMax = 1024ull * 1024 * 1024;
constexpr int kLevelsMax = 20;

bool is_maildir(const std::string& path) {
  return is_directory(path + "/cur") && is_directory(path + "/new");
}

class MaildirSource final : public MailSource {
 public:
  MaildirSource(std::string path, SourceLimits limits) : path_(std::move(path)), limits_(limits) {}

  Result<std::vector<SourceFolder>> folders() override {
    std::vector<SourceFolder> found;
    if (is_maildir(path_)) found.push_back(folder(MailboxName::inbox(), path_));
    TRY_VOID(find_below(path_, "", 0, found));
    if (found.empty()) return Error(ErrorKind::invalid, path_ + ": no Maildir (it has no cur and new)");
    return found;
  }

  Result<void> enter(SourceFolder& folder) override {
    files_.clear();
    at_ = 0;
    path_of_folder_ = folder.path;
    keywords_.clear();
    if (const auto list = read_file(folder.path + "/dovecot-keywords", kListOctetsMax))
      keywords_ = mailfiles::parse_keyword_list(list->octets);
    mailfiles::UidList uids;
    std::map<std::string, std::string, std::less<>> uidls;
    if (limits_.keep_uids) {
      TRY_VOID(read_uids(folder, uids));
      if (const auto list = read_file(folder.path + "/courierpop3dsizelist", kListOctetsMax))
        uidls = mailfiles::parse_courier_pop3_list(list->octets);
    }
    for (const char* part : {"/cur/", "/new/"}) {
      TRY(const auto entries, list_directory(folder.path + part));
      for (const DirectoryEntry& entry : entries) {
        if (entry.directory || entry.name.front() == '.') continue;
        File file;
        file.path = folder.path + part + entry.name;
        file.name = mailfiles::parse_maildir_name(entry.name);
        if (const auto known = uids.by_base.find(file.name.base); known != uids.by_base.end()) {
          file.uid = known->second.uid;
          file.pop3_uidl = known->second.pop3_uidl;
        }
        const auto told = uidls.find(file.name.base);
        if (file.pop3_uidl.empty() && told != uidls.end()) file.pop3_uidl = told->second;
        files_.push_back(std::move(file));
      }
    }
    // Those without a UID have come since the list was written: behind the others, in the order of their
    // names.
    std::stable_sort(files_.begin(), files_.end(), [](const File& a, const File& b) {
      return (a.uid ? raw(*a.uid) : UINT32_MAX) < (b.uid ? raw(*b.uid) : UINT32_MAX);
    });
    return {};
  }

  Result<std::optional<SourceMessage>> next() override {
    if (at_ == files_.size()) return std::optional<SourceMessage>();
    const File& file = files_[at_++];
    SourceMessage message;
    message.name = file.name.base;
    auto read = read_file(file.path, limits_.message_octets_max);
    if (!read) {
      message.refused = read.error().detail;
    } else if (file.name.size && *file.name.size != read->octets.size()) {
      message.refused = file.path + ": torn, " + std::to_string(read->octets.size()) + " octets instead of " +
                        std::to_string(*file.name.size);
    } else if (read->octets.empty()) {
      message.refused = file.path + ": empty";
    }
    if (!message.refused.empty()) return std::optional<SourceMessage>(std::move(message));
    mailfiles::CrlfWriter().feed(read->octets, message.octets);
    message.flags.system = file.name.system;
    for (const std::size_t keyword : file.name.keywords) {
      const bool known = keyword < keywords_.size() && !keywords_[keyword].empty();
      if (known) message.flags.add_keyword(keywords_[keyword]);
    }
    message.internal_date = read->modified_at;
    message.uid = file.uid;
    message.pop3_uidl = file.pop3_uidl;
    return std::optional<SourceMessage>(std::move(message));
  }

 private:
  struct File {
    std::string path;
    mailfiles::MaildirName name;
    std::optional<Uid> uid;
    std::string pop3_uidl;
  };

  // Dovecot's list, else Courier's.
  static Result<void> read_uids(SourceFolder& folder, mailfiles::UidList& uids) {
    for (const char* name : {"/dovecot-uidlist", "/courierimapuiddb"}) {
      const auto list = read_file(folder.path + name, kListOctetsMax);
      if (!list && list.error().kind == ErrorKind::not_found) continue;
      if (!list) return list.error();
      TRY(uids, mailfiles::parse_uid_list(list->octets));
      folder.uid_validity = uids.uid_validity;
      folder.uid_next = uids.uid_next;
      return {};
    }
    return {};
  }

  static SourceFolder folder(Result<MailboxName> name, const std::string& path) {
    SourceFolder folder;
    folder.path = path;
    if (name) {
      folder.mailbox = *std::move(name);
    } else {
      folder.refused = path + ": " + name.error().detail;
    }
    return folder;
  }

  static Result<void> find_below(const std::string& path, const std::string& levels, int depth,
                                 std::vector<SourceFolder>& found) {
    if (depth > kLevelsMax) return {};
    TRY(const auto entries, list_directory(path));
    for (const DirectoryEntry& entry : entries) {
      const std::string below = path + '/' + entry.name;
      const bool part = entry.name == "cur" || entry.name == "new" || entry.name == "tmp";
      if (!entry.directory || part) continue;
      if (depth == 0 && entry.name.front() == '.') {
        if (is_maildir(below)) found.push_back(folder(mailfiles::folder_mailbox(entry.name), below));
        continue;
      }
      const std::string text = levels.empty() ? entry.name : levels + kHierarchySeparator + entry.name;
      if (is_maildir(below)) found.push_back(folder(MailboxName::parse(text), below));
      TRY_VOID(find_below(below, text, depth + 1, found));
    }
    return {};
  }

  const std::string path_;
  const SourceLimits limits_;
  std::string path_of_folder_;
  std::vector<std::string> keywords_;
  std::vector<File> files_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<MailSource> maildir_source(std::string path, SourceLimits limits) {
  return std::make_unique<MaildirSource>(std::move(path), limits);
}

}  // namespace postern::exchange
