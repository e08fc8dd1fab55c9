#include "storage/backup/manifest.h"

#include <nlohmann/json.hpp>

#include "gateway/base/text.h"

namespace postern::backup {

namespace {

using Json = nlohmann::ordered_json;

std::string line(const Json& record) {
  return record.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::int64_t microseconds(WallTime time) {
  return time.time_since_epoch().count();
}
WallTime time_from(const Json& value) {
  return WallTime(std::chrono::microseconds(value.get<std::int64_t>()));
}

Json json_of(const SavedMessage& message) {
  Json record;
  record["uid"] = raw(message.uid);
  Json flags = Json::array();
  for (const std::string_view name : system_flag_names(message.flags.system)) flags.push_back(name);
  for (const std::string& keyword : message.flags.keywords) flags.push_back(keyword);
  record["flags"] = std::move(flags);
  record["internal_date_us"] = microseconds(message.internal_date);
  if (message.internal_zone_minutes != 0) record["internal_zone"] = message.internal_zone_minutes;
  if (!message.pop3_uidl.empty()) record["pop3_uidl"] = message.pop3_uidl;
  record["size"] = message.size;
  record["blob"] = raw(message.blob);
  record["sha256"] = message.sha256;
  record["pack"] = message.pack;
  return record;
}

SavedMessage message_from(const Json& record) {
  SavedMessage message;
  message.uid = Uid(record.at("uid").get<std::uint32_t>());
  for (const Json& flag : record.at("flags")) {
    const std::string name = flag.get<std::string>();
    const std::uint8_t bit = system_flag_bit(name);
    message.flags.system |= bit;
    if (bit == 0) message.flags.add_keyword(name);
  }
  message.internal_date = time_from(record.at("internal_date_us"));
  message.internal_zone_minutes = record.value("internal_zone", std::int16_t{0});
  message.pop3_uidl = record.value("pop3_uidl", std::string());
  message.size = record.at("size").get<std::uint64_t>();
  message.blob = BlobId(record.at("blob").get<std::int64_t>());
  message.sha256 = record.at("sha256").get<std::string>();
  message.pack = record.at("pack").get<std::string>();
  return message;
}

SavedMailbox mailbox_from(const Json& record) {
  SavedMailbox mailbox;
  mailbox.id = MailboxId(record.at("id").get<std::int64_t>());
  mailbox.name = record.at("mailbox").get<std::string>();
  mailbox.special_use =
      special_use_from(record.value("special_use", std::string())).value_or(SpecialUse::none);
  mailbox.uid_validity = UidValidity(record.at("uid_validity").get<std::uint32_t>());
  mailbox.uid_next = Uid(record.at("uid_next").get<std::uint32_t>());
  mailbox.highest_modseq = ModSeq(record.at("highest_modseq").get<std::uint64_t>());
  return mailbox;
}

}  // namespace

std::string to_text(const Manifest& manifest) {
  Json head;
  head["format"] = "postern-manifest-1";
  head["account"] = raw(manifest.account);
  head["address"] = manifest.address;
  head["taken_at_us"] = microseconds(manifest.taken_at);
  head["consistent"] = manifest.consistent;
  head["mailboxes"] = manifest.mailboxes.size();
  std::string text = line(head);
  for (const SavedMailbox& mailbox : manifest.mailboxes) {
    Json record;
    record["mailbox"] = mailbox.name;
    record["id"] = raw(mailbox.id);
    if (mailbox.special_use != SpecialUse::none) record["special_use"] = attribute_of(mailbox.special_use);
    record["uid_validity"] = raw(mailbox.uid_validity);
    record["uid_next"] = raw(mailbox.uid_next);
    record["highest_modseq"] = raw(mailbox.highest_modseq);
    record["messages"] = mailbox.messages.size();
    text += line(record);
    for (const SavedMessage& message : mailbox.messages) text += line(json_of(message));
  }
  return text;
}

// The library throws where the octets are not what they should be: they come from a disk.
Result<Manifest> manifest_from(std::string_view text) {
  Manifest manifest;
  std::size_t mailboxes = 0, wanted = 0;  // that are to come; the second: of the mailbox
  bool head = true;
  try {
    for (const std::string_view one : text::split(text, '\n')) {
      if (one.empty()) continue;
      const Json record = Json::parse(one);
      if (head) {
        if (record.at("format") != "postern-manifest-1")
          return Error(ErrorKind::invalid, "an unknown manifest");
        manifest.account = AccountId(record.at("account").get<std::int64_t>());
        manifest.address = record.at("address").get<std::string>();
        manifest.taken_at = time_from(record.at("taken_at_us"));
        manifest.consistent = record.at("consistent").get<bool>();
        mailboxes = record.at("mailboxes").get<std::size_t>();
        head = false;
      } else if (record.contains("mailbox")) {
        if (wanted != 0) return Error(ErrorKind::invalid, "the manifest is torn");
        manifest.mailboxes.push_back(mailbox_from(record));
        wanted = record.at("messages").get<std::size_t>();
      } else {
        if (wanted == 0) return Error(ErrorKind::invalid, "the manifest is torn");
        manifest.mailboxes.back().messages.push_back(message_from(record));
        --wanted;
      }
    }
  } catch (const Json::exception& broken) {
    return Error(ErrorKind::invalid, std::string("no manifest: ") + broken.what());
  }
  if (head || wanted != 0 || manifest.mailboxes.size() != mailboxes)
    return Error(ErrorKind::invalid, "the manifest is torn");
  return manifest;
}

std::string to_text(const Evening& evening) {
  Json record;
  record["format"] = "postern-evening-1";
  record["date"] = evening.date;
  record["begun_at_us"] = microseconds(evening.begun_at);
  record["ended_at_us"] = microseconds(evening.ended_at);
  record["new_messages"] = evening.new_messages;
  record["new_octets"] = evening.new_octets;
  record["accounts"] = Json::array();
  for (const EveningAccount& one : evening.accounts) {
    Json account;
    account["account"] = raw(one.account);
    account["address"] = one.address;
    account["manifest"] = one.manifest;
    account["messages"] = one.messages;
    account["octets"] = one.octets;
    record["accounts"].push_back(std::move(account));
  }
  record["failed"] = evening.failed;
  return line(record);
}

Result<Evening> evening_from(std::string_view text) {
  Evening evening;
  try {
    const Json record = Json::parse(text);
    if (record.at("format") != "postern-evening-1") return Error(ErrorKind::invalid, "an unknown evening");
    evening.date = record.at("date").get<std::string>();
    evening.begun_at = time_from(record.at("begun_at_us"));
    evening.ended_at = time_from(record.at("ended_at_us"));
    evening.new_messages = record.at("new_messages").get<std::uint64_t>();
    evening.new_octets = record.at("new_octets").get<std::uint64_t>();
    for (const Json& one : record.at("accounts")) {
      EveningAccount account;
      account.account = AccountId(one.at("account").get<std::int64_t>());
      account.address = one.at("address").get<std::string>();
      account.manifest = one.at("manifest").get<std::string>();
      account.messages = one.at("messages").get<std::uint64_t>();
      account.octets = one.at("octets").get<std::uint64_t>();
      evening.accounts.push_back(std::move(account));
    }
    for (const Json& one : record.at("failed")) evening.failed.push_back(one.get<std::string>());
  } catch (const Json::exception& broken) {
    return Error(ErrorKind::invalid, std::string("no evening: ") + broken.what());
  }
  return evening;
}

}  // namespace postern::backup
