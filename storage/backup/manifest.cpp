#include "storage/backup/manifest.h"

#include <nlohmann/json.hpp>

namespace postern::backup {

namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kFormat = "postern-manifest-2";
constexpr std::size_t kMailboxesMax = 1'000'000;

const Error kTorn(ErrorKind::invalid, "the manifest is torn");

std::string line(const Json& record) {
  return record.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

WallTime time_from(const Json& value) {
  return WallTime(std::chrono::microseconds(value.get<std::int64_t>()));
}

Json json_of(const SavedMailbox& mailbox) {
  Json record;
  record["mailbox"] = raw(mailbox.id);
  record["name"] = mailbox.name;
  if (mailbox.special_use != SpecialUse::none) record["special_use"] = attribute_of(mailbox.special_use);
  record["uid_validity"] = raw(mailbox.uid_validity);
  record["uid_next"] = raw(mailbox.uid_next);
  record["highest_modseq"] = raw(mailbox.highest_modseq);
  return record;
}

SavedMailbox mailbox_from(const Json& record) {
  SavedMailbox mailbox;
  mailbox.id = MailboxId(record.at("mailbox").get<std::int64_t>());
  mailbox.name = record.at("name").get<std::string>();
  mailbox.special_use =
      special_use_from(record.value("special_use", std::string())).value_or(SpecialUse::none);
  mailbox.uid_validity = UidValidity(record.at("uid_validity").get<std::uint32_t>());
  mailbox.uid_next = Uid(record.at("uid_next").get<std::uint32_t>());
  mailbox.highest_modseq = ModSeq(record.at("highest_modseq").get<std::uint64_t>());
  return mailbox;
}

Json json_of(const SavedMessage& message) {
  Json record;
  record["in"] = raw(message.mailbox);
  record["uid"] = raw(message.uid);
  Json flags = Json::array();
  for (const std::string_view name : system_flag_names(message.flags.system)) flags.push_back(name);
  for (const std::string& keyword : message.flags.keywords) flags.push_back(keyword);
  record["flags"] = std::move(flags);
  record["internal_date_us"] = message.internal_date.time_since_epoch().count();
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
  message.mailbox = MailboxId(record.at("in").get<std::int64_t>());
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

Result<Json> next_record(ZstdReader& in) {
  TRY(const auto text, in.line());
  if (!text) return kTorn;
  try {
    return Json::parse(*text);
  } catch (const Json::exception& broken) {
    return Error(ErrorKind::invalid, std::string("no manifest: ") + broken.what());
  }
}

}  // namespace

Result<void> ManifestWriter::begin(const Manifest& manifest) {
  Json head;
  head["format"] = kFormat;
  head["account"] = raw(manifest.account);
  head["address"] = manifest.address;
  head["taken_at_us"] = manifest.taken_at.time_since_epoch().count();
  head["consistent"] = manifest.consistent;
  head["mailboxes"] = manifest.mailboxes.size();
  std::string text = line(head);
  for (const SavedMailbox& mailbox : manifest.mailboxes) text += line(json_of(mailbox));
  return out_.write(text);
}

Result<void> ManifestWriter::add(const SavedMessage& message) {
  ++messages_;
  return out_.write(line(json_of(message)));
}

Result<void> ManifestWriter::finish() {
  Json end;
  end["end"] = true;
  end["messages"] = messages_;
  TRY_VOID(out_.write(line(end)));
  return out_.finish();
}

Result<std::unique_ptr<ManifestReader>> ManifestReader::open(std::unique_ptr<FileOctets> file) {
  std::unique_ptr<ManifestReader> reader(new ManifestReader(std::move(file)));
  TRY_VOID(reader->read_head());
  return reader;
}

// The library throws where the octets are not what they should be: they come from a disk.
Result<void> ManifestReader::read_head() {
  TRY(const Json head, next_record(in_));
  try {
    if (head.at("format") != kFormat) return Error(ErrorKind::invalid, "an unknown manifest");
    head_.account = AccountId(head.at("account").get<std::int64_t>());
    head_.address = head.at("address").get<std::string>();
    head_.taken_at = time_from(head.at("taken_at_us"));
    head_.consistent = head.at("consistent").get<bool>();
    const std::size_t mailboxes = head.at("mailboxes").get<std::size_t>();
    if (mailboxes > kMailboxesMax) return kTorn;
    while (head_.mailboxes.size() < mailboxes) {
      TRY(const Json record, next_record(in_));
      head_.mailboxes.push_back(mailbox_from(record));
      const bool ascends =
          head_.mailboxes.size() < 2 || head_.mailboxes.end()[-2].id < head_.mailboxes.back().id;
      if (!ascends) return kTorn;
    }
  } catch (const Json::exception& broken) {
    return Error(ErrorKind::invalid, std::string("no manifest: ") + broken.what());
  }
  return {};
}

Result<std::optional<SavedMessage>> ManifestReader::next() {
  if (ended_) return std::optional<SavedMessage>();
  TRY(const Json record, next_record(in_));
  try {
    if (!record.contains("end")) {
      ++messages_;
      return std::optional<SavedMessage>(message_from(record));
    }
    if (record.at("messages").get<std::uint64_t>() != messages_) return kTorn;
  } catch (const Json::exception& broken) {
    return Error(ErrorKind::invalid, std::string("no manifest: ") + broken.what());
  }
  TRY(const auto more, in_.line());
  if (more) return kTorn;
  ended_ = true;
  return std::optional<SavedMessage>();
}

}  // namespace postern::backup
