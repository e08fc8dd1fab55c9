// Evenings of alice's store, in a directory, under a clock that tests set.
#pragma once

#include <filesystem>

#include "storage/backup/backup_rounds.h"
#include "storage/backup/restore.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {

class SetClock final : public Clock {
 public:
  WallTime now() const override { return now_; }
  void pass_days(int days) { now_ += std::chrono::days(days); }

 private:
  WallTime now_ = WallTime(std::chrono::sys_days(std::chrono::year(2025) / 1 / 30)) + std::chrono::hours(2);
};

class BackupFixture : public MessageFixture {
 protected:
  void SetUp() override {
    MessageFixture::SetUp();
    char name[] = "/tmp/postern-backup-XXXXXX";
    directory_ = ::mkdtemp(name);
    options_.directory = directory_ + "/repository";
    repository_ = std::make_unique<backup::Repository>(options_.directory);
  }
  void TearDown() override {
    std::filesystem::remove_all(directory_);
    MessageFixture::TearDown();
  }

  Result<std::optional<backup::Evening>> try_run(std::function<bool()> stopping = [] { return false; }) {
    return await(backup::back_up(loop_, *store_, options_, evening_clock_, true, std::move(stopping)));
  }
  backup::Evening run() { return must(try_run()).value(); }
  backup::Evening run_tomorrow() {
    evening_clock_.pass_days(1);
    return run();
  }
  backup::Verified check() { return must(backup::verify(*repository_, std::nullopt)); }
  backup::RestoreReport restore_into(AccountId into, backup::RestoreRequest request) {
    if (request.address.empty()) request.address = "alice@example.test";
    request.into = into;
    backup::RestoreReport report;
    must(await(backup::restore(loop_, *store_, *repository_, std::move(request), report,
                               [](const backup::RestoreReport&) {})));
    return report;
  }
  static backup::RestoreRequest as_of(const std::string& date) {
    backup::RestoreRequest request;
    request.date = date;
    return request;
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(options_.directory))
      if (entry.is_regular_file()) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string folder_of(AccountId account) const {
    return options_.directory + "/accounts/" + std::to_string(raw(account));
  }
  std::string pack_of(AccountId account, const std::string& date) const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_of(account))) {
      const std::string file = entry.path().filename();
      if (file.starts_with(date) && file.ends_with(".tar.zst")) return entry.path();
    }
    return "";
  }
  static std::size_t count(const std::vector<std::string>& names, const std::string& end) {
    return static_cast<std::size_t>(std::count_if(
        names.begin(), names.end(), [&end](const std::string& name) { return name.ends_with(end); }));
  }
  using Shown = std::multiset<std::tuple<std::string, std::string, std::uint8_t, std::vector<std::string>>>;
  // Everything an account has, but for UIDs.
  Shown shown(AccountId account) {
    Shown all;
    for (const Mailbox& mailbox : must(await(mailboxes().list(account)))) {
      const SnapshotPtr now = snapshot(mailbox.key);
      now->each([&](std::size_t, const MessageState& state) {
        const Flags flags = now->flags(state);
        all.emplace(mailbox.name.text(), content(mailbox.key, state.uid), flags.system, flags.keywords);
      });
    }
    return all;
  }

  std::string directory_;
  BackupSettings options_;
  SetClock evening_clock_;
  std::unique_ptr<backup::Repository> repository_;
};

}  // namespace postern::tests
