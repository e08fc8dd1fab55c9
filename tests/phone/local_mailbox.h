// What the phone believes the mailbox to be: its folders with their keys, and every message it has been told
// of.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace postern::phone {

struct LocalAttachment {
  std::string name;
  std::string file_reference;
  std::uint64_t estimated_size = 0;
};

struct LocalItem {
  std::string subject, from, to, date_received;
  bool read = false;
  std::uint32_t flag = 0;  // 2: to be followed up
  std::vector<std::string> categories;
  std::uint32_t last_verb = 0;  // 1 answered, 2 answered to all, 3 forwarded
  std::uint32_t body_type = 0;
  std::string body;
  bool truncated = false;
  std::uint64_t estimated_size = 0;  // of the whole body
  std::vector<LocalAttachment> attachments;
};

struct LocalFolder {
  std::string id, parent, name;
  std::uint32_t type = 0;
  std::string sync_key = "0";
  std::map<std::string, LocalItem> items;  // by ServerId

  bool is_mail() const;
};

// FolderType of MS-ASCMD section 2.2.3.186.3
constexpr std::uint32_t kInbox = 2, kDrafts = 3, kDeleted = 4, kSent = 5, kUserMail = 12;

struct LocalMailbox {
  std::string folder_key = "0";
  std::uint32_t policy_key = 0;
  std::uint32_t client_ids = 0;  // how many were used up
  std::map<std::string, LocalFolder> folders;

  // Broken: there is none.
  LocalFolder& of_type(std::uint32_t type);
  LocalFolder& named(const std::string& name);
};

// Between two runs, and for whoever compares it with the server's truth.
nlohmann::json to_json(const LocalMailbox& mailbox);
LocalMailbox mailbox_from_json(const nlohmann::json& json);

// The ServerId of the one message with this subject. NotThere; Broken: several.
std::string item_with_subject(const LocalFolder& folder, const std::string& subject);
std::size_t count_with_subject(const LocalFolder& folder, const std::string& subject);

}  // namespace postern::phone
