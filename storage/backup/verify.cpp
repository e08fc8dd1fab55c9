// Whether the repository holds what its manifests say. A manifest is read once to learn which packs it needs,
// and once for each window of them, so that memory follows the window and not the account.
#include <map>
#include <set>

#include "storage/backup/restore.h"

namespace postern::backup {

namespace {

constexpr std::size_t kWindowMessages = 100'000;

using Blobs = std::map<BlobId, std::string>;  // with their digests
using PacksOfAccount = std::map<std::string, Blobs>;

class Verifier {
 public:
  Verifier(const Repository& repository, Verified& verified) : repository_(repository), verified_(verified) {}

  // An account with all its manifests.
  Result<void> check(AccountId account, const std::set<std::string>& manifests) {
    account_ = account;
    std::set<std::string> packs;
    for (const std::string& name : manifests) TRY_VOID(read(name, packs));
    std::set<std::string> window;
    std::size_t messages = 0;
    for (const std::string& pack : packs) {
      window.insert(pack);
      messages += counts_[pack];
      if (messages < kWindowMessages) continue;
      TRY_VOID(check_window(manifests, std::exchange(window, {})));
      messages = 0;
    }
    counts_.clear();
    return check_window(manifests, window);
  }

 private:
  void broken(const std::string& what, const std::string& why) {
    verified_.broken.push_back(what + ", account " + std::to_string(raw(account_)) + ": " + why);
  }

  // Out of reach is not broken.
  Result<void> told(const std::string& what, const Error& error) {
    if (error.kind == ErrorKind::unavailable || error.kind == ErrorKind::denied) return error;
    broken(what, error.detail);
    return {};
  }

  template <class See>
  Result<void> each(const std::string& manifest, See see) {
    TRY(const std::unique_ptr<ManifestReader> reader, repository_.manifest(account_, manifest));
    for (;;) {
      TRY(const std::optional<SavedMessage> message, reader->next());
      if (!message) return {};
      see(*message);
    }
  }

  Result<void> read(const std::string& manifest, std::set<std::string>& packs) {
    std::set<std::string> found;
    const auto seen = each(manifest, [&](const SavedMessage& message) {
      if (found.insert(message.pack).second) packs.insert(message.pack);
      ++counts_[message.pack];
    });
    if (!seen) return told("manifest " + manifest, seen.error());
    const auto listed = repository_.packs_of(account_, manifest);
    if (!listed) return told("packs of manifest " + manifest, listed.error());
    if (*listed != found) broken("manifest " + manifest, "its list of packs says otherwise");
    return {};
  }

  Result<void> check_window(const std::set<std::string>& manifests, const std::set<std::string>& window) {
    if (window.empty()) return {};
    PacksOfAccount wanted;
    for (const std::string& name : manifests) {
      // One that is torn has been told, and says what it says until there.
      const auto seen = each(name, [&](const SavedMessage& message) {
        if (window.contains(message.pack)) wanted[message.pack][message.blob] = message.sha256;
      });
      if (!seen && seen.error().kind == ErrorKind::unavailable) return seen;
    }
    for (const auto& [name, blobs] : wanted) TRY_VOID(check_pack(name, blobs));
    return {};
  }

  Result<void> check_pack(const std::string& name, const Blobs& blobs) {
    const auto pack = repository_.pack(account_, name);
    ++verified_.packs;
    if (!pack) return told(name, pack.error());
    for (const auto& [blob, sha256] : blobs) {
      const std::string_view* octets = pack->find(blob);
      ++verified_.messages;
      const bool right = octets != nullptr && sha256_hex(*octets) == sha256;
      if (!right) broken(name, std::to_string(raw(blob)) + ".eml is missing or damaged");
    }
    return {};
  }

  const Repository& repository_;
  Verified& verified_;
  AccountId account_{};
  std::map<std::string, std::size_t> counts_;  // of messages, by pack
};

}  // namespace

Result<Verified> verify(const Repository& repository, std::optional<std::string> date) {
  Verified verified;
  TRY_VOID(repository.check());
  std::vector<std::string> dates;
  if (date) {
    dates.push_back(*date);
  } else {
    TRY(dates, repository.evenings());
  }
  std::map<AccountId, std::set<std::string>> manifests;
  for (const std::string& one : dates) {
    const auto evening = repository.evening(one);
    const bool torn = !evening && evening.error().kind == ErrorKind::invalid && is_date(one);
    if (!evening && !torn) return evening.error();
    ++verified.evenings;
    if (torn) {
      verified.broken.push_back("evening " + one + ": " + evening.error().detail);
      continue;
    }
    for (const EveningAccount& account : evening->accounts)
      manifests[account.account].insert(account.manifest);
  }
  Verifier verifier(repository, verified);
  for (const auto& [account, names] : manifests) TRY_VOID(verifier.check(account, names));
  return verified;
}

}  // namespace postern::backup
