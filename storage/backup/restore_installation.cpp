#include "gateway/async/worker.h"
#include "storage/backup/restore.h"

namespace postern::backup {

Task<Result<void>> restore_installation(Loop& loop, Store& store, Repository& repository, std::string date,
                                        InstallationReport& report,
                                        std::function<void(const InstallationReport&)> progress) {
  auto read = [&repository, &date] { return repository.evening(date); };
  CO_TRY(const Evening evening, co_await in_worker(loop, read));
  CO_TRY_VOID(co_await restore_people(loop, store, repository, evening.run, report.people));
  for (const EveningAccount& one : evening.accounts) {
    const auto account = co_await store.directory().find_account(one.address);
    const bool gone = !account && account.error().kind == ErrorKind::not_found;
    if (gone) {
      report.refused.push_back(one.address + ": there is no such account");
      continue;
    }
    if (!account) co_return account.error();
    RestoreRequest request;
    request.date = date;
    request.address = one.address;
    request.into = account->id;
    request.exact = true;
    auto tell = [&report, &progress](const RestoreReport&) { progress(report); };
    const auto restored =
        co_await restore(loop, store, repository, std::move(request), report.mail, std::move(tell));
    if (restored) {
      ++report.accounts;
      continue;
    }
    const ErrorKind kind = restored.error().kind;
    const bool of_the_account = kind == ErrorKind::stale || kind == ErrorKind::over_quota ||
                                kind == ErrorKind::invalid || kind == ErrorKind::not_found ||
                                kind == ErrorKind::too_large;
    if (!of_the_account) co_return restored;
    report.refused.push_back(one.address + ": " + restored.error().detail);
  }
  co_return Result<void>();
}

}  // namespace postern::backup
