#include "storage/backup/repository.h"

#include <nlohmann/json.hpp>

#include "gateway/base/text.h"
#include "storage/backup/directory_shelf.h"
#include "storage/backup/s3_shelf.h"
#include "storage/backup/sealed_shelf.h"

namespace postern::backup {

namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kMark = "POSTERN-BACKUP";
constexpr const char* kFormat = "postern-backup-2";
constexpr const char* kBegun = "evenings/begun.json";
constexpr std::uint64_t kEveningOctetsMax = 1024ull * 1024 * 1024;
constexpr std::uint64_t kListOctetsMax = 256ull * 1024 * 1024;
constexpr std::size_t kMarkOctetsMax = 4096;

std::string folder_of(AccountId account) {
  return "accounts/" + std::to_string(raw(account)) + '/';
}

// Names come from files that somebody may have written for us.
Result<void> check_name(const std::string& name) {
  const bool plain = !name.empty() && name.size() <= 100 && name.front() != '.' &&
                     name.find('/') == std::string::npos && name.find('\0') == std::string::npos;
  if (!plain) return Error(ErrorKind::invalid, "not a name: " + text::printable(name));
  return {};
}

}  // namespace

Repository::Repository(std::string directory)
    : Repository(std::make_shared<DirectoryShelf>(std::move(directory)), std::nullopt) {}

Repository::Repository(std::shared_ptr<Shelf> shelf, std::optional<SealingKey> key)
    : bare_(std::move(shelf)), shelf_(bare_) {
  if (!key) return;
  key_id_ = key->id();
  shelf_ = std::make_shared<SealedShelf>(bare_, *std::move(key));
}

Result<Repository> Repository::of(const BackupSettings& settings) {
  if (!settings.wanted())
    return Error(ErrorKind::invalid, "the settings name neither backup.directory nor backup.s3.endpoint");
  if (!settings.directory.empty() && !settings.s3.endpoint.empty())
    return Error(ErrorKind::invalid,
                 "the settings name both backup.directory and backup.s3.endpoint; keep one");
  std::optional<SealingKey> key;
  if (!settings.key_file.empty()) {
    TRY(key, SealingKey::read(settings.key_file));
  }
  std::shared_ptr<Shelf> shelf;
  if (!settings.directory.empty()) {
    shelf = std::make_shared<DirectoryShelf>(settings.directory);
  } else {
    TRY(shelf, S3Shelf::open(settings.s3));
  }
  return Repository(std::move(shelf), std::move(key));
}

Result<std::optional<Repository::Mark>> Repository::read_mark() const {
  const auto text = read_whole(*bare_, kMark, kMarkOctetsMax);
  if (!text && text.error().kind == ErrorKind::not_found) return std::optional<Mark>();
  if (!text) return text.error();
  Mark mark;
  try {
    const Json record = Json::parse(*text);
    if (record.at("format") != kFormat) return Error(ErrorKind::invalid, "a repository of an unknown format");
    mark.store = record.at("store").get<std::string>();
    mark.key = record.at("key").get<std::string>();
  } catch (const Json::exception&) {
    return Error(ErrorKind::invalid, std::string(kMark) + " is not ours, or torn");
  }
  return std::optional<Mark>(std::move(mark));
}

Result<void> Repository::write_mark(const std::string& store) {
  Json record;
  record["format"] = kFormat;
  record["store"] = store;
  record["key"] = key_id_;
  return write_whole(*bare_, kMark, record.dump() + "\n", Replaces::yes);
}

// Before anything else of it is read: a wrong key is told as such, not as damage.
Result<void> Repository::check_key(const Mark& mark) const {
  if (mark.key == key_id_) return {};
  if (key_id_.empty())
    return Error(ErrorKind::denied, "the repository is encrypted with the key " + mark.key +
                                        ", and the settings name no backup.key_file");
  if (mark.key.empty())
    return Error(ErrorKind::denied, "the repository is not encrypted; begin another one for the key");
  return Error(ErrorKind::denied, "the repository is encrypted with the key " + mark.key +
                                      ", and backup.key_file has " + key_id_);
}

Result<void> Repository::open(const Lineage& lineage) {
  TRY(const std::optional<Mark> mark, read_mark());
  if (!mark) {
    TRY(const Listed listed, bare_->list(""));
    for (const auto* names : {&listed.files, &listed.folders}) {
      for (const std::string& name : *names) {
        if (name != "lost+found") return Error(ErrorKind::invalid, "something else is there: " + name);
      }
    }
    return write_mark(lineage.store);
  }
  TRY_VOID(check_key(*mark));
  if (mark->store == lineage.store) return {};
  return Error(ErrorKind::denied,
               "the repository belongs to another installation; `postern backup adopt` makes it this one's");
}

Result<void> Repository::check() const {
  TRY(const std::optional<Mark> mark, read_mark());
  if (!mark) return Error(ErrorKind::not_found, "there is no repository");
  return check_key(*mark);
}

Result<void> Repository::adopt(const Lineage& lineage) {
  TRY_VOID(check());
  return write_mark(lineage.store);
}

Result<std::vector<std::string>> Repository::evenings() const {
  const auto checked = check();
  if (!checked && checked.error().kind == ErrorKind::not_found) return std::vector<std::string>();
  if (!checked) return checked.error();
  TRY(const Listed listed, shelf_->list("evenings"));
  std::vector<std::string> dates;
  for (const std::string_view name : listed.files) {
    if (name.ends_with(".json") && is_date(name.substr(0, name.size() - 5)))
      dates.emplace_back(name.substr(0, name.size() - 5));
  }
  return dates;
}

Result<Evening> Repository::evening(const std::string& date) const {
  if (!is_date(date)) return Error(ErrorKind::invalid, "not an evening: " + text::printable(date));
  TRY_VOID(check());
  TRY(const std::string text, read_whole(*shelf_, "evenings/" + date + ".json", kEveningOctetsMax));
  return evening_from(text);
}

Result<void> Repository::write(const Evening& evening) {
  const auto there = this->evening(evening.date);
  if (!there && there.error().kind != ErrorKind::not_found) return there.error();
  if (there && there->lineage.store != evening.lineage.store)
    return Error(ErrorKind::denied, "an evening of that date is there, of another installation");
  const Replaces replaces = there ? Replaces::yes : Replaces::no;
  return write_whole(*shelf_, "evenings/" + evening.date + ".json", to_text(evening), replaces);
}

Result<std::optional<Begun>> Repository::begun() const {
  const auto text = read_whole(*shelf_, kBegun, kMarkOctetsMax);
  if (!text && text.error().kind == ErrorKind::unavailable) return text.error();
  if (!text) return std::optional<Begun>();  // nor if it is damaged: then a run begins anew
  const auto begun = begun_from(*text);
  return begun ? std::optional<Begun>(*begun) : std::nullopt;
}

Result<void> Repository::write(const Begun& begun) {
  return write_whole(*shelf_, kBegun, to_text(begun), Replaces::yes);
}

Result<void> Repository::end_run() {
  return shelf_->remove(kBegun);
}

Result<std::unique_ptr<ManifestReader>> Repository::manifest(AccountId account,
                                                             const std::string& name) const {
  TRY_VOID(check_name(name));
  TRY(std::unique_ptr<FileOctets> file, shelf_->open(folder_of(account) + name + ".jsonl.zst"));
  return ManifestReader::open(std::move(file));
}

Result<std::unique_ptr<ManifestWriter>> Repository::create_manifest(AccountId account,
                                                                    const std::string& name) {
  TRY(std::unique_ptr<ShelfFile> file,
      shelf_->create(folder_of(account) + name + ".jsonl.zst", Replaces::yes));
  return std::make_unique<ManifestWriter>(std::move(file));
}

Result<std::set<std::string>> Repository::packs_of(AccountId account, const std::string& manifest) const {
  TRY_VOID(check_name(manifest));
  TRY(const std::string text, read_whole(*shelf_, folder_of(account) + manifest + ".packs", kListOctetsMax));
  if (!text.ends_with("end\n")) return Error(ErrorKind::invalid, "the list of packs is torn");
  std::set<std::string> packs;
  for (const std::string_view name : text::split(std::string_view(text).substr(0, text.size() - 4), '\n'))
    if (!name.empty()) packs.emplace(name);
  return packs;
}

Result<void> Repository::write_packs_of(AccountId account, const std::string& manifest,
                                        const std::set<std::string>& packs) {
  std::string text;
  for (const std::string& name : packs) text += name + '\n';
  return write_whole(*shelf_, folder_of(account) + manifest + ".packs", text + "end\n", Replaces::yes);
}

Result<std::unique_ptr<PackWriter>> Repository::create_pack(AccountId account, const std::string& name) {
  TRY(std::unique_ptr<ShelfFile> file, shelf_->create(folder_of(account) + name, Replaces::no));
  return std::make_unique<PackWriter>(std::move(file));
}

Result<Pack> Repository::pack(AccountId account, const std::string& name) const {
  TRY_VOID(check_name(name));
  TRY(std::unique_ptr<FileOctets> file, shelf_->open(folder_of(account) + name));
  return Pack::read(std::move(file));
}

Result<std::unique_ptr<ZstdReader>> Repository::people(const std::string& run) const {
  TRY_VOID(check_name(run));
  TRY(std::unique_ptr<FileOctets> file, shelf_->open("people/" + run + ".jsonl.zst"));
  return std::make_unique<ZstdReader>(std::move(file));
}

Result<std::unique_ptr<ZstdWriter>> Repository::create_people(const std::string& run) {
  TRY(std::unique_ptr<ShelfFile> file, shelf_->create("people/" + run + ".jsonl.zst", Replaces::yes));
  return std::make_unique<ZstdWriter>(std::move(file));
}

}  // namespace postern::backup
