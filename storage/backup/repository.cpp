#include "storage/backup/repository.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "gateway/base/text.h"
#include "storage/exchange/disk.h"

namespace postern::backup {

namespace {

using exchange::DirectoryEntry;
using exchange::list_directory;
using exchange::NewFile;

constexpr std::uint64_t kManifestOctetsMax = 4ull * 1024 * 1024 * 1024;
constexpr std::string_view kMark = "postern backup, format 1; docs/backup.md says how to read it\n";
constexpr std::size_t kDateOctets = 10;

Result<void> write_file(const std::string& path, std::string_view octets, bool replaces = false) {
  NewFile file;
  file.path = path;
  file.part = path + ".part";
  file.replaces = replaces;
  return exchange::write_file(file, octets);
}

std::string manifest_name(const std::string& date) {
  return date + ".jsonl.zst";
}

bool is_date(std::string_view text) {
  if (text.size() != kDateOctets) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool fits = i == 4 || i == 7 ? text[i] == '-' : text::is_digit(text[i]);
    if (!fits) return false;
  }
  return true;
}

}  // namespace

std::string date_of(WallTime time) {
  return fmt::format("{:%Y-%m-%d}", std::chrono::floor<std::chrono::seconds>(time));
}

std::string Repository::folder_of(AccountId account) const {
  return directory_ + "/accounts/" + std::to_string(raw(account));
}

Result<void> Repository::open() {
  const std::string mark = directory_ + "/POSTERN-BACKUP";
  if (exchange::is_file(mark)) return {};
  if (exchange::is_directory(directory_)) {
    TRY(const auto entries, list_directory(directory_));
    const bool foreign = std::any_of(entries.begin(), entries.end(), [](const DirectoryEntry& entry) {
      return entry.name != "POSTERN-BACKUP.part" && entry.name != "evenings" && entry.name != "accounts" &&
             entry.name != "lost+found";
    });
    if (foreign) return Error(ErrorKind::invalid, directory_ + ": something else is there");
  }
  for (const char* part : {"/evenings", "/accounts"}) TRY_VOID(exchange::make_directory(directory_ + part));
  return write_file(mark, kMark);
}

Result<std::vector<std::string>> Repository::evenings() const {
  TRY(const auto entries, list_directory(directory_ + "/evenings"));
  std::vector<std::string> dates;
  for (const DirectoryEntry& entry : entries) {
    const std::string_view name = entry.name;
    if (name.ends_with(".json") && is_date(name.substr(0, name.size() - 5)))
      dates.emplace_back(name.substr(0, kDateOctets));
  }
  return dates;
}

Result<Evening> Repository::evening(const std::string& date) const {
  if (!is_date(date)) return Error(ErrorKind::invalid, "not an evening: " + text::printable(date));
  TRY(const auto file, exchange::read_file(directory_ + "/evenings/" + date + ".json", kManifestOctetsMax));
  return evening_from(file.octets);
}

Result<void> Repository::write(const Evening& evening) {
  // A second run of the same day stands for it.
  return write_file(directory_ + "/evenings/" + evening.date + ".json", to_text(evening), true);
}

Result<Manifest> Repository::manifest(AccountId account, const std::string& date) const {
  TRY(const auto file,
      exchange::read_file(folder_of(account) + '/' + manifest_name(date), kManifestOctetsMax));
  TRY(const std::string text, decompress(file.octets, kManifestOctetsMax));
  return manifest_from(text);
}

bool Repository::has_manifest(AccountId account, const std::string& date) const {
  return exchange::is_file(folder_of(account) + '/' + manifest_name(date));
}

Result<void> Repository::write(const Manifest& manifest, const std::string& date) {
  TRY_VOID(exchange::make_directory(folder_of(manifest.account)));
  TRY(const std::string frame, compress(to_text(manifest)));
  return write_file(folder_of(manifest.account) + '/' + manifest_name(date), frame, true);
}

Result<std::string> Repository::write_pack(AccountId account, const std::string& date, PackWriter& pack) {
  TRY(const std::string octets, pack.finish());
  TRY_VOID(exchange::make_directory(folder_of(account)));
  for (int number = 1;; ++number) {
    const std::string name = fmt::format("{}-{:04}.tar.zst", date, number);
    const Result<void> written = write_file(folder_of(account) + '/' + name, octets);
    if (written) return name;
    if (written.error().kind != ErrorKind::already_exists) return written.error();
  }
}

Result<Pack> Repository::pack(AccountId account, const std::string& name) const {
  if (name.find('/') != std::string::npos) return Error(ErrorKind::invalid, "not a pack");
  TRY(const auto file, exchange::read_file(folder_of(account) + '/' + name, kManifestOctetsMax));
  return Pack::read(file.octets);
}

Result<Repository::Swept> Repository::sweep(std::size_t evenings_kept) {
  Swept swept;
  TRY(const std::vector<std::string> all, evenings());
  const std::size_t over = all.size() > evenings_kept ? all.size() - evenings_kept : 0;
  std::map<AccountId, std::set<std::string>> wanted;  // files by account
  for (std::size_t i = over; i < all.size(); ++i) {
    TRY(const Evening kept, evening(all[i]));
    for (const EveningAccount& account : kept.accounts)
      wanted[account.account].insert(manifest_name(account.manifest));
  }
  for (auto& [account, files] : wanted) {
    const std::set<std::string> manifests = files;
    for (const std::string& name : manifests) {
      TRY(const Manifest kept, manifest(account, name.substr(0, kDateOctets)));
      for (const SavedMailbox& mailbox : kept.mailboxes) {
        for (const SavedMessage& message : mailbox.messages) files.insert(message.pack);
      }
    }
  }
  // Evenings first: what they refer to may then go in any order, and be broken off anywhere.
  for (std::size_t i = 0; i < over; ++i) {
    std::remove((directory_ + "/evenings/" + all[i] + ".json").c_str());
    ++swept.evenings;
  }
  TRY(const auto folders, list_directory(directory_ + "/accounts"));
  for (const DirectoryEntry& folder : folders) {
    const auto number = text::number(folder.name, INT64_MAX);
    if (!folder.directory || !number) continue;
    const std::set<std::string>& files = wanted[AccountId(static_cast<std::int64_t>(*number))];
    const std::string path = directory_ + "/accounts/" + folder.name;
    TRY(const auto entries, list_directory(path));
    for (const DirectoryEntry& entry : entries) {
      if (files.contains(entry.name)) continue;
      std::remove((path + '/' + entry.name).c_str());
      ++swept.files;
    }
    if (files.empty()) std::remove(path.c_str());
  }
  return swept;
}

}  // namespace postern::backup
