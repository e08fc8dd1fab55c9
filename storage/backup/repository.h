// Repository: the files of all evenings on a shelf. A file is never changed once it is there, but for an
// evening that is run again on its day. docs/backup.md describes it. Blocking: belongs off the loop.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/settings.h"
#include "storage/backup/manifest.h"
#include "storage/backup/pack.h"
#include "storage/backup/sealing.h"

namespace postern::backup {

class Repository {
 public:
  // In a directory, in clear.
  explicit Repository(std::string directory);
  Repository(std::shared_ptr<Shelf> shelf, std::optional<SealingKey> key);
  // As the settings say. invalid, denied: they name none, or a key or its file is not what it should be.
  static Result<Repository> of(const BackupSettings& settings);

  // For the store that writes to it; makes it, if there is none. invalid: something else is there; denied: it
  // belongs to another store, or is encrypted otherwise.
  Result<void> open(const Lineage& lineage);
  // To read: not_found: there is none; denied: it is encrypted with another key, or we have one and it has
  // not.
  Result<void> check() const;
  // From now on it belongs to this store.
  Result<void> adopt(const Lineage& lineage);

  // By date, oldest first; only complete ones.
  Result<std::vector<std::string>> evenings() const;
  Result<Evening> evening(const std::string& date) const;  // not_found; invalid: no date
  // denied: an evening of that date is there, of another store.
  Result<void> write(const Evening& evening);

  // The run that has begun and not ended. nullopt: none.
  Result<std::optional<Begun>> begun() const;
  Result<void> write(const Begun& begun);
  Result<void> end_run();

  Result<std::unique_ptr<ManifestReader>> manifest(AccountId account, const std::string& name) const;
  Result<std::unique_ptr<ManifestWriter>> create_manifest(AccountId account, const std::string& name);
  // The packs that a manifest refers to, so that a sweep need not read it. Written before the manifest.
  Result<std::set<std::string>> packs_of(AccountId account, const std::string& manifest) const;
  Result<void> write_packs_of(AccountId account, const std::string& manifest,
                              const std::set<std::string>& packs);

  Result<std::unique_ptr<PackWriter>> create_pack(AccountId account, const std::string& name);
  Result<Pack> pack(AccountId account, const std::string& name) const;

  // What stands beside an evening: tenants, domains, accounts (storage/backup/people.h).
  Result<std::unique_ptr<ZstdReader>> people(const std::string& run) const;
  Result<std::unique_ptr<ZstdWriter>> create_people(const std::string& run);

  struct Swept {
    std::uint64_t evenings = 0;
    std::uint64_t files = 0;
  };
  // Keeps the newest evenings and all they refer to, and what has been written since yesterday's; deletes the
  // rest. Deletes nothing of an account while what refers to its packs cannot be read.
  Result<Swept> sweep(std::size_t evenings_kept);

 private:
  struct Mark {
    std::string store;
    std::string key;  // its id; empty: in clear
  };
  Result<std::optional<Mark>> read_mark() const;
  Result<void> write_mark(const std::string& store);
  Result<void> check_key(const Mark& mark) const;
  Result<std::uint64_t> sweep_account(const std::string& folder, const std::set<std::string>& manifests,
                                      const std::string& young);

  std::shared_ptr<Shelf> bare_;  // where the mark is
  std::shared_ptr<Shelf> shelf_;
  std::string key_id_;
};

}  // namespace postern::backup
