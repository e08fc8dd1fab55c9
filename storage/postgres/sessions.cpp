#include "storage/postgres/sessions.h"

#include "gateway/base/text.h"
#include "storage/postgres/listings.h"

namespace postern::postgres {

namespace {

// Those that have said nothing for long have died. One that lives after all is unknown next time.
constexpr Statement kForgetSilent{"forget_silent_workers", R"sql(
  DELETE FROM live_workers WHERE seen_at < now() - interval '10 minutes' AND name <> $1::text)sql"};

constexpr Statement kReport{"report_sessions", R"sql(
  WITH known AS MATERIALIZED (
    SELECT worker_id FROM live_workers WHERE name = $1::text),
  here AS (
    INSERT INTO live_workers (name, node, process, seen_at)
    VALUES ($1::text, $2::text, $3::bigint, now())
    ON CONFLICT (name) DO UPDATE SET seen_at = now()
    RETURNING worker_id),
  gone AS (
    DELETE FROM live_sessions USING known
     WHERE live_sessions.worker_id = known.worker_id AND live_sessions.number = ANY ($10::bigint[])),
  come AS (
    INSERT INTO live_sessions (worker_id, number, account_id, door, address, client, since)
    SELECT here.worker_id, begun.number, begun.account_id, begun.door::smallint, begun.address, begun.client,
           'epoch'::timestamptz + begun.since * interval '1 microsecond'
      FROM here CROSS JOIN unnest($4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::bigint[])
           AS begun(number, account_id, door, address, client, since)
    ON CONFLICT (worker_id, number) DO UPDATE
       SET account_id = excluded.account_id, door = excluded.door, client = excluded.client,
           since = excluded.since, ending = live_sessions.ending AND live_sessions.account_id = excluded.account_id)
  SELECT EXISTS (SELECT FROM known),
         coalesce((SELECT array_agg(live_sessions.number)
                     FROM live_sessions JOIN known USING (worker_id) WHERE ending), '{}'))sql"};

constexpr Statement kLeave{"forget_worker", "DELETE FROM live_workers WHERE name = $1::text"};

#define POSTERN_LIVE_SESSIONS                                                                             \
  " FROM live_sessions live JOIN live_workers worker USING (worker_id)"                                   \
  " JOIN accounts account USING (account_id) JOIN domains domain ON domain.domain_id = account.domain_id" \
  " WHERE worker.seen_at > now() - $3::bigint * interval '1 millisecond' AND " POSTERN_IN_REACH

constexpr Statement kList{"list_sessions", R"sql(
  SELECT live.worker_id, live.number, account.address, account.account_id, live.door, live.address, live.client,
         live.since, live.ending, worker.node, worker.process)sql" POSTERN_LIVE_SESSIONS R"sql(
     AND ($4::text IS NULL OR domain.name = $4::text)
     AND ($5::text IS NULL OR account.address = $5::text)
     AND ($6::smallint IS NULL OR live.door = $6::smallint)
     AND (account.address COLLATE "C", live.worker_id, live.number) > ($7::text, $8::bigint, $9::bigint)
   ORDER BY account.address COLLATE "C", live.worker_id, live.number
   LIMIT $10::bigint)sql"};

// Who is asked to end, for the audit, too.
constexpr Statement kEnd{"end_session", R"sql(
  WITH named AS MATERIALIZED (
    SELECT live.worker_id, live.number, account.address, account.domain_id, domain.tenant_id,
           jsonb_build_object(
             'door', ('{pop3,imap,mobile_sync,submission,recovery_for_pop,self_service}'::text[])[live.door + 1],
             'from', live.address, 'client', live.client) AS said)sql" POSTERN_LIVE_SESSIONS
                                        R"sql(
       AND live.worker_id = $4::bigint AND live.number = $5::bigint),
  asked AS (
    UPDATE live_sessions live SET ending = true FROM named
     WHERE live.worker_id = named.worker_id AND live.number = named.number
    RETURNING live.number),
  noted AS (
    INSERT INTO audit (who, via, source, action, kind, object, tenant_id, domain_id, before)
    SELECT acting('who'), acting('via'), acting('from'), 'end', 'session', address, tenant_id, domain_id, said
      FROM named)
  SELECT FROM asked)sql"};

struct Columns {
  std::vector<std::int64_t> numbers;
  std::vector<std::int64_t> accounts;
  std::vector<std::int64_t> doors;
  std::vector<std::string> addresses;
  std::vector<std::string> clients;
  std::vector<std::int64_t> since;  // microseconds
};

Columns columns_of(const std::vector<LiveSession>& sessions) {
  Columns columns;
  for (const LiveSession& one : sessions) {
    columns.numbers.push_back(static_cast<std::int64_t>(one.number));
    columns.accounts.push_back(raw(one.account));
    columns.doors.push_back(static_cast<std::int64_t>(one.door));
    columns.addresses.push_back(one.address);
    columns.clients.push_back(one.client);
    const auto since = one.since.time_since_epoch();
    columns.since.push_back(std::chrono::duration_cast<std::chrono::microseconds>(since).count());
  }
  return columns;
}

SessionEntry entry_from_row(const Row& row) {
  SessionEntry entry;
  entry.key.worker = row.get<std::int64_t>(0);
  entry.key.number = row.get<std::uint64_t>(1);
  entry.account = row.get<std::string>(2);
  entry.session.number = entry.key.number;
  entry.session.account = row.get<AccountId>(3);
  entry.session.door = static_cast<Feature>(row.get<std::int16_t>(4));
  entry.session.address = row.get<std::string>(5);
  entry.session.client = row.get<std::string>(6);
  entry.session.since = row.get<WallTime>(7);
  entry.ending = row.get<bool>(8);
  entry.node = row.get<std::string>(9);
  entry.process = row.get<std::int64_t>(10);
  return entry;
}

}  // namespace

Task<Result<SessionOrders>> PostgresSessions::report(SessionReport report) {
  const Columns begun = columns_of(report.begun);
  std::vector<std::int64_t> ended;
  for (const std::uint64_t number : report.ended) ended.push_back(static_cast<std::int64_t>(number));
  std::vector<Query> queries;
  queries.emplace_back(kForgetSilent, Params(report.worker));
  queries.emplace_back(
      kReport, Params(report.worker, report.node, report.process, begun.numbers, begun.accounts, begun.doors,
                      begun.addresses, begun.clients, begun.since, ended));
  CO_TRY(const std::vector<Rows> rows, co_await database_.batch(Lane::write, std::move(queries)));
  const Row row = rows[1][0];
  SessionOrders orders;
  orders.tell_all = !row.get<bool>(0);
  for (const std::int64_t number : row.get<std::vector<std::int64_t>>(1)) {
    orders.end.push_back(static_cast<std::uint64_t>(number));
  }
  co_return orders;
}

Task<Result<void>> PostgresSessions::leave(std::string worker) {
  Params params(worker);
  CO_TRY_VOID(co_await database_.query(Lane::write, kLeave, std::move(params)));
  co_return Result<void>();
}

Task<Result<std::vector<SessionEntry>>> PostgresSessions::list(Reach reach, SessionFilter filter,
                                                               PageRange range) {
  std::vector<SessionEntry> entries;
  const auto within = narrowed(reach, filter.tenant);
  if (!within) co_return entries;
  std::optional<std::int16_t> door;
  if (filter.door) door = static_cast<std::int16_t>(*filter.door);
  std::vector<std::string_view> after = text::split(range.after, ' ');
  after.resize(3);
  const auto number = [](std::string_view part) {
    return static_cast<std::int64_t>(text::number(part, INT64_MAX).value_or(0));
  };
  Params params(within->tenant, within->domain, kSilenceMax.count(), filter.domain, filter.account, door,
                std::string(after[0]), number(after[1]), number(after[2]), range.items_max);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kList, std::move(params)));
  for (std::size_t i = 0; i < rows.size(); ++i) entries.push_back(entry_from_row(rows[i]));
  co_return entries;
}

Task<Result<void>> PostgresSessions::end(Reach reach, SessionKey key) {
  Params params(reach.tenant, reach.domain, kSilenceMax.count(), key.worker,
                static_cast<std::int64_t>(key.number));
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kEnd, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such session");
  co_return Result<void>();
}

}  // namespace postern::postgres
