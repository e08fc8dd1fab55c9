// ImapSource: an account on somebody else's IMAP server as a source for an import: its folders, and of each
// the messages that are wanted, as they lie there. Nothing is changed there: folders are opened by EXAMINE,
// bodies are read by BODY.PEEK. Blocking: belongs off the loop.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "protocols/imap_client/connection.h"
#include "storage/exchange/source.h"

namespace postern::imap_client {

struct ImapSourceOptions {
  std::uint64_t message_octets_max = 52'428'800;
  bool keep_uids = false;                   // UIDs and UIDVALIDITY as there
  std::map<SpecialUse, MailboxName> roles;  // where folders with a role belong here
  // Of several sources of one account each takes its share of the folders.
  unsigned share = 0;
  unsigned shares = 1;
};

class ImapSource final : public exchange::MailSource {
 public:
  ImapSource(RemoteAccount remote, ImapSourceOptions options)
      : remote_(std::move(remote)), options_(std::move(options)) {}

  // Connects. Connection::open's errors.
  Result<std::vector<exchange::SourceFolder>> folders() override;
  Result<void> enter(exchange::SourceFolder& folder) override;
  void pass_over(UidSet brought) override { passed_over_ = std::move(brought); }
  Result<std::optional<exchange::SourceMessage>> next() override;

  static constexpr std::size_t kGroupMessages = 50;  // of one FETCH
  static constexpr std::uint64_t kGroupOctets = 4 * 1024 * 1024;

 private:
  struct Listed {
    Uid uid{};
    std::uint64_t size = 0;
  };
  Result<void> connect();
  Result<std::vector<ListedMailbox>> list();
  Result<void> count(exchange::SourceFolder& folder);
  Result<void> list_messages();
  Result<void> fetch_group();
  exchange::SourceMessage refused(Uid uid, const std::string& why) const;
  exchange::SourceMessage message_of(Fetched fetched) const;

  const RemoteAccount remote_;
  const ImapSourceOptions options_;
  std::unique_ptr<Connection> connection_;
  std::string folder_;  // as the server calls it
  std::uint32_t uid_validity_ = 0;
  UidSet passed_over_;
  std::vector<Listed> listed_;  // by UID
  bool is_listed_ = false;
  std::size_t at_ = 0;
  std::vector<exchange::SourceMessage> group_;  // fetched together
  std::size_t given_ = 0;                       // of those
};

}  // namespace postern::imap_client
