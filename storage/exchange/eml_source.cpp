// Trees of .eml files, as mail programs save messages one by one.

#include "gateway/base/text.h"
#include "storage/exchange/disk.h"
#include "storage/exchange/source.h"
#include "storage/mailfiles/line_ends.h"

namespace postern::exchange {

namespace {

constexpr int kLevelsMax = 20;

class EmlSource final : public MailSource {
 public:
  EmlSource(std::string path, SourceLimits limits) : path_(std::move(path)), limits_(limits) {}

  Result<std::vector<SourceFolder>> folders() override {
    std::vector<SourceFolder> found;
    TRY_VOID(find_below(path_, "", 0, found));
    if (found.empty()) return Error(ErrorKind::not_found, path_ + ": no .eml file");
    return found;
  }

  Result<void> enter(SourceFolder& folder) override {
    files_.clear();
    at_ = 0;
    directory_ = folder.path;
    TRY(const auto entries, list_directory(folder.path));
    for (const DirectoryEntry& entry : entries) {
      if (is_eml(entry)) files_.push_back(entry.name);
    }
    return {};
  }

  Result<std::optional<SourceMessage>> next() override {
    if (at_ == files_.size()) return std::optional<SourceMessage>();
    SourceMessage message;
    message.name = files_[at_++];
    auto read = read_file(directory_ + '/' + message.name, limits_.message_octets_max);
    if (!read) {
      message.refused = read.error().detail;
    } else if (read->octets.empty()) {
      message.refused = directory_ + '/' + message.name + ": empty";
    } else {
      mailfiles::CrlfWriter().feed(read->octets, message.octets);
      message.internal_date = read->modified_at;
    }
    return std::optional<SourceMessage>(std::move(message));
  }

 private:
  static bool is_eml(const DirectoryEntry& entry) {
    const std::size_t size = entry.name.size();
    return !entry.directory && size > 4 && text::same(std::string_view(entry.name).substr(size - 4), ".eml");
  }

  static Result<void> find_below(const std::string& path, const std::string& levels, int depth,
                                 std::vector<SourceFolder>& found) {
    if (depth > kLevelsMax) return {};
    TRY(const auto entries, list_directory(path));
    bool has_messages = false;
    for (const DirectoryEntry& entry : entries) {
      has_messages = has_messages || is_eml(entry);
      if (!entry.directory) continue;
      const std::string text = levels.empty() ? entry.name : levels + kHierarchySeparator + entry.name;
      TRY_VOID(find_below(path + '/' + entry.name, text, depth + 1, found));
    }
    if (!has_messages) return {};
    SourceFolder& folder = found.emplace_back();
    folder.path = path;
    auto mailbox = levels.empty() ? Result<MailboxName>(MailboxName::inbox()) : MailboxName::parse(levels);
    if (mailbox) {
      folder.mailbox = *std::move(mailbox);
    } else {
      folder.refused = path + ": " + mailbox.error().detail;
    }
    return {};
  }

  const std::string path_;
  const SourceLimits limits_;
  std::string directory_;
  std::vector<std::string> files_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<ArchiveKind> archive_kind_from(std::string_view name) {
  if (name == "maildir") return ArchiveKind::maildir;
  if (name == "mbox") return ArchiveKind::mbox;
  if (name == "eml") return ArchiveKind::eml;
  return std::nullopt;
}

std::unique_ptr<MailSource> eml_source(std::string path, SourceLimits limits) {
  return std::make_unique<EmlSource>(std::move(path), limits);
}

}  // namespace postern::exchange
