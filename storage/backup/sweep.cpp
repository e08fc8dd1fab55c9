// The repository's sweep. Evenings go first: what they referred to may then go in any order, and be broken
// off anywhere. What nothing refers to may belong to a run that is still under way, in a process that has
// lost its lease and does not know yet: it stays until its date is two days older than the newest evening's.
#include <algorithm>
#include <map>

#include "gateway/base/text.h"
#include "storage/backup/repository.h"

namespace postern::backup {

namespace {

constexpr std::size_t kDateOctets = 10;

std::string day_before(const std::string& date) {
  const std::string long_ago = "1970-01-01";
  const auto days = dates_between(long_ago, date, 1);
  return days.empty() ? long_ago : days.back();
}

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(), [name](std::string_view end) { return name.ends_with(end); });
}

std::string_view stem_of(std::string_view name) {
  return name.substr(0, name.find('.'));
}

}  // namespace

Result<Repository::Swept> Repository::sweep(std::size_t evenings_kept) {
  Swept swept;
  TRY(const std::vector<std::string> all, evenings());
  if (all.empty()) return swept;
  const std::size_t over = all.size() > evenings_kept ? all.size() - evenings_kept : 0;
  const std::string young = day_before(all.back());
  std::map<std::string, std::set<std::string>> manifests;  // by account's folder
  std::set<std::string> runs;
  for (std::size_t i = over; i < all.size(); ++i) {
    TRY(const Evening kept, evening(all[i]));
    runs.insert(kept.run);
    for (const EveningAccount& account : kept.accounts)
      manifests[std::to_string(raw(account.account))].insert(account.manifest);
  }
  for (std::size_t i = 0; i < over; ++i) {
    TRY_VOID(shelf_->remove("evenings/" + all[i] + ".json"));
    ++swept.evenings;
  }
  TRY(const Listed people, shelf_->list("people"));
  for (const std::string& name : people.files) {
    const bool wanted = runs.contains(std::string(stem_of(name))) || name.substr(0, kDateOctets) >= young;
    if (wanted) continue;
    TRY_VOID(shelf_->remove("people/" + name));
    ++swept.files;
  }
  TRY(const Listed accounts, shelf_->list("accounts"));
  std::optional<Error> first_wrong;
  for (const std::string& folder : accounts.folders) {
    const auto files = sweep_account(folder, manifests[folder], young);
    if (files) swept.files += *files;
    if (!files && files.error().kind == ErrorKind::unavailable) return files.error();
    if (!files && !first_wrong) first_wrong = files.error();
  }
  TRY(const std::uint64_t unfinished, bare_->sweep_unfinished());
  swept.files += unfinished;
  if (first_wrong) return *first_wrong;
  return swept;
}

Result<std::uint64_t> Repository::sweep_account(const std::string& folder,
                                                const std::set<std::string>& manifests,
                                                const std::string& young) {
  const auto number = text::number(folder, INT64_MAX);
  if (!number) return std::uint64_t{0};
  const AccountId account{static_cast<std::int64_t>(*number)};
  const std::string path = "accounts/" + folder;
  TRY(const Listed listed, shelf_->list(path));
  const auto goes = [&](const std::string& name) { return name.substr(0, kDateOctets) < young; };
  std::vector<std::string> lists, packs, read;  // manifests and their lists of packs; packs; lists that count
  for (const std::string& name : listed.files) {
    const bool of_a_manifest = ends_with_any(name, {".jsonl.zst", ".packs"});
    const bool wanted = manifests.contains(std::string(stem_of(name))) || !goes(name);
    if (of_a_manifest && !wanted) lists.push_back(name);
    if (name.ends_with(".packs") && wanted) read.emplace_back(stem_of(name));
    if (name.ends_with(".tar.zst") && goes(name)) packs.push_back(name);
  }
  for (const std::string& manifest : manifests) {
    if (std::find(read.begin(), read.end(), manifest) == read.end()) read.push_back(manifest);
  }
  std::set<std::string> referred;
  if (!packs.empty()) {
    for (const std::string& manifest : read) {
      TRY(const std::set<std::string> names, packs_of(account, manifest));
      referred.insert(names.begin(), names.end());
    }
  }
  std::uint64_t files = 0;
  packs.erase(std::remove_if(packs.begin(), packs.end(),
                             [&referred](const std::string& name) { return referred.contains(name); }),
              packs.end());
  lists.insert(lists.end(), packs.begin(), packs.end());
  for (const std::string& name : lists) {
    TRY_VOID(shelf_->remove(path + '/' + name));
    ++files;
  }
  return files;
}

}  // namespace postern::backup
