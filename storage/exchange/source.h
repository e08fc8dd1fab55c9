// MailSource: mail in files of whatever kind, folder by folder. Blocking: belongs off the loop. What is wrong
// with one message or folder is said about that one, and the others are given all the same.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/mailfiles/mbox.h"
#include "storage/model/mailbox.h"
#include "storage/model/message.h"
#include "storage/model/uid_set.h"

namespace postern::exchange {

struct SourceMessage {
  std::string name;    // tells it from the others of its folder, for ever
  std::string octets;  // with CRLF
  Flags flags;
  std::optional<WallTime> internal_date;
  std::int16_t internal_zone_minutes = 0;
  std::optional<Uid> uid;         // that it keeps
  std::optional<Uid> source_uid;  // in a folder with a source_validity
  std::string pop3_uidl;
  std::string refused;  // not empty: why there are no octets
};

struct SourceFolder {
  MailboxName mailbox;
  std::string path;  // of the file or directory
  std::string refused;
  std::optional<UidValidity> uid_validity;  // of servers that kept one
  Uid uid_next{1};
  // Of sources that are asked again and again until everything has moved: what has been brought of this
  // UIDVALIDITY is remembered. Absent: it is known by its keys only.
  std::optional<UidValidity> source_validity;
  std::uint64_t messages = 0;  // about as many; 0: unknown
};

class MailSource {
 public:
  virtual ~MailSource() = default;
  // not_found, invalid: there is no such thing there.
  virtual Result<std::vector<SourceFolder>> folders() = 0;
  // Begins with a folder of those; its list of UIDs is read now, and noted in it.
  virtual Result<void> enter(SourceFolder& folder) = 0;
  // Of the folder that was entered: these source_uids are not wanted. Before the first next().
  virtual void pass_over(UidSet) {}
  // The folder's next message, those with UIDs first, ascending; nullopt: that was the last.
  virtual Result<std::optional<SourceMessage>> next() = 0;
};

enum class ArchiveKind : std::uint8_t { maildir, mbox, eml };
std::optional<ArchiveKind> archive_kind_from(std::string_view name);

struct SourceLimits {
  std::uint64_t message_octets_max = 52'428'800;
  bool keep_uids = false;  // read the lists of UIDs that servers keep
};

// path/{cur,new}, path/.Folder (Maildir++), path/Folder/{cur,new}.
std::unique_ptr<MailSource> maildir_source(std::string path, SourceLimits limits);
// A file is INBOX; in a directory each file is a mailbox, and directories are levels.
std::unique_ptr<MailSource> mbox_source(std::string path, mailfiles::MboxDialect dialect,
                                        SourceLimits limits);
// *.eml files; directories are mailboxes, the path itself is INBOX.
std::unique_ptr<MailSource> eml_source(std::string path, SourceLimits limits);

}  // namespace postern::exchange
