// mbox files: one, or a directory of them. Names of their messages are their places in the file, so a file
// may grow at its end between two imports, but must not be changed otherwise.
#include "storage/exchange/disk.h"
#include "storage/exchange/source.h"

namespace postern::exchange {

namespace {

constexpr int kLevelsMax = 20;

class MboxSource final : public MailSource {
 public:
  MboxSource(std::string path, mailfiles::MboxDialect dialect, SourceLimits limits)
      : path_(std::move(path)), dialect_(dialect), limits_(limits) {}

  Result<std::vector<SourceFolder>> folders() override {
    std::vector<SourceFolder> found;
    if (is_file(path_)) {
      add(found, std::string(kInboxName), path_);
    } else {
      TRY_VOID(find_below(path_, "", 0, found));
    }
    if (found.empty()) return Error(ErrorKind::not_found, path_ + ": no mbox file");
    return found;
  }

  Result<void> enter(SourceFolder& folder) override {
    reader_.reset();
    TRY(file_, open_file(folder.path));
    reader_ = std::make_unique<mailfiles::MboxReader>(*file_, dialect_);
    return {};
  }

  Result<std::optional<SourceMessage>> next() override {
    TRY(const bool more, reader_->next());
    if (!more) return std::optional<SourceMessage>();
    SourceMessage message;
    message.name = std::to_string(reader_->offset());
    message.internal_date = reader_->separator().date;
    for (;;) {
      TRY(const std::string piece, reader_->read());
      if (piece.empty()) break;
      if (message.refused.empty()) message.octets += piece;
      if (message.octets.size() > limits_.message_octets_max) {
        message.refused = "at octet " + message.name + ": too large";
        message.octets.clear();
      }
    }
    message.flags = reader_->flags();
    if (message.octets.empty() && message.refused.empty())
      message.refused = "at octet " + message.name + ": empty";
    return std::optional<SourceMessage>(std::move(message));
  }

 private:
  static void add(std::vector<SourceFolder>& found, const std::string& name, const std::string& path) {
    SourceFolder& folder = found.emplace_back();
    folder.path = path;
    auto mailbox = MailboxName::parse(name);
    if (mailbox) {
      folder.mailbox = *std::move(mailbox);
    } else {
      folder.refused = path + ": " + mailbox.error().detail;
    }
  }

  static Result<void> find_below(const std::string& path, const std::string& levels, int depth,
                                 std::vector<SourceFolder>& found) {
    if (depth > kLevelsMax) return {};
    TRY(const auto entries, list_directory(path));
    for (const DirectoryEntry& entry : entries) {
      if (entry.name.front() == '.') continue;
      const std::string below = path + '/' + entry.name;
      std::string level = entry.name;
      if (!entry.directory && level.size() > 5 && level.ends_with(".mbox")) level.resize(level.size() - 5);
      const std::string text = levels.empty() ? level : levels + kHierarchySeparator + level;
      if (entry.directory) {
        TRY_VOID(find_below(below, text, depth + 1, found));
      } else {
        add(found, text, below);
      }
    }
    return {};
  }

  const std::string path_;
  const mailfiles::MboxDialect dialect_;
  const SourceLimits limits_;
  std::unique_ptr<mailfiles::FileOctets> file_;
  std::unique_ptr<mailfiles::MboxReader> reader_;
};

}  // namespace

std::unique_ptr<MailSource> mbox_source(std::string path, mailfiles::MboxDialect dialect,
                                        SourceLimits limits) {
  return std::make_unique<MboxSource>(std::move(path), dialect, limits);
}

}  // namespace postern::exchange
