#include "storage/postgres/annotations.h"

#include <algorithm>

#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

constexpr Statement kFind{"find_annotations", R"sql(
 SELECT mailbox_id, entry, CASE WHEN octet_length(value) <= $5::bigint THEN value END,
        octet_length(value)::bigint
   FROM annotations
  WHERE account_id = $1::bigint AND mailbox_id = ANY($2::bigint[]) AND value IS NOT NULL
    AND EXISTS (
      SELECT FROM unnest($3::text[]) AS wanted(entry)
       WHERE annotations.entry = wanted.entry
          OR $4::smallint >= 1 AND starts_with(annotations.entry, wanted.entry || '/')
             AND ($4::smallint = 2
                  OR strpos(substr(annotations.entry, length(wanted.entry) + 2), '/') = 0))
  ORDER BY mailbox_id, entry COLLATE "C")sql"};

// The row lock is the order of all changes to the account's annotations.
constexpr Statement kTakeRevision{"take_annotations_revision", R"sql(
 UPDATE account_usage SET annotations_revision = annotations_revision + 1
  WHERE account_id = $1::bigint
 RETURNING annotations_revision)sql"};

// $3, $4: entries and their values; $5: what is to go. What is as it was keeps its revision.
constexpr Statement kSet{"set_annotations", R"sql(
 WITH now AS (
   SELECT annotations_revision AS revision FROM account_usage WHERE account_id = $1::bigint),
 after AS (
   SELECT mailbox_id, octet_length(value) AS octets
     FROM annotations
    WHERE account_id = $1::bigint AND value IS NOT NULL
      AND NOT (mailbox_id = $2::bigint AND entry = ANY($3::text[] || $5::text[]))
    UNION ALL
   SELECT $2::bigint, octet_length(value) FROM unnest($4::bytea[]) AS wanted(value)),
 room AS (
   SELECT count(*) FILTER (WHERE mailbox_id = $2::bigint) <= $6::bigint
            AND count(*) <= $7::bigint AND coalesce(sum(octets), 0) <= $8::bigint AS enough,
          $2::bigint = 0 OR EXISTS (
            SELECT FROM mailboxes
             WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL) AS there
     FROM after),
 removed AS (
   UPDATE annotations SET value = NULL, revision = now.revision
     FROM now, room
    WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND entry = ANY($5::text[])
      AND value IS NOT NULL AND enough AND there),
 written AS (
   INSERT INTO annotations (account_id, mailbox_id, entry, value, revision)
   SELECT $1::bigint, $2::bigint, wanted.entry, wanted.value, now.revision
     FROM unnest($3::text[], $4::bytea[]) AS wanted(entry, value), now, room
    WHERE enough AND there
   ON CONFLICT (account_id, mailbox_id, entry) DO UPDATE
      SET value = excluded.value, revision = excluded.revision
    WHERE annotations.value IS DISTINCT FROM excluded.value)
 SELECT enough, there FROM room)sql"};

constexpr std::int64_t kRevisionsKept = 1000;  // of removals

constexpr Statement kForgetRemoved{"forget_removed_annotations", R"sql(
 DELETE FROM annotations
  WHERE account_id = $1::bigint AND value IS NULL
    AND revision < (SELECT annotations_revision FROM account_usage WHERE account_id = $1::bigint) - $2::bigint)sql"};

constexpr Statement kRevision{"annotations_revision", R"sql(
 SELECT annotations_revision FROM account_usage WHERE account_id = $1::bigint)sql"};

constexpr Statement kChanged{"changed_annotations", R"sql(
 SELECT mailbox_id, entry FROM annotations
  WHERE account_id = $1::bigint AND revision > $2::bigint AND revision <= (
        SELECT annotations_revision FROM account_usage WHERE account_id = $1::bigint)
  ORDER BY mailbox_id, entry COLLATE "C")sql"};

}  // namespace

Task<Result<std::vector<AnnotationFound>>> PostgresAnnotations::find(AccountId account,
                                                                     std::vector<MailboxId> mailboxes,
                                                                     AnnotationsWanted wanted) {
  std::vector<std::int64_t> numbers;
  for (const MailboxId mailbox : mailboxes) numbers.push_back(raw(mailbox));
  const std::uint64_t octets_max = std::min<std::uint64_t>(wanted.octets_max, INT64_MAX);
  Params params(account, numbers, wanted.entries, static_cast<std::int16_t>(wanted.depth), octets_max);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kFind, std::move(params)));
  std::vector<AnnotationFound> found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    AnnotationFound one;
    one.mailbox = rows[i].get<MailboxId>(0);
    one.entry = rows[i].get<std::string>(1);
    one.value = rows[i].get<std::optional<std::string>>(2);
    one.octets = rows[i].get<std::uint64_t>(3);
    found.push_back(std::move(one));
  }
  co_return found;
}

Task<Result<void>> PostgresAnnotations::set(AccountId account, MailboxId mailbox,
                                            std::vector<Annotation> values) {
  std::vector<std::string> entries;
  std::vector<Bytes> octets;
  std::vector<std::string> removed;
  for (const Annotation& one : values) {
    if (one.value && one.value->size() > kAnnotationOctetsMax) co_return Error(ErrorKind::too_large, "value");
    if (one.value) {
      entries.push_back(one.entry);
      octets.push_back({*one.value});
    } else {
      removed.push_back(one.entry);
    }
  }
  std::vector<Query> queries;
  queries.emplace_back(kTakeRevision, Params(account));
  queries.emplace_back(
      kSet, Params(account, mailbox, entries, octets, removed, std::uint64_t{kAnnotationsPerMailboxMax},
                   std::uint64_t{kAnnotationsPerAccountMax}, std::uint64_t{kAnnotationOctetsPerAccountMax}));
  queries.emplace_back(kForgetRemoved, Params(account, kRevisionsKept));
  CO_TRY(const std::vector<Rows> results,
         co_await batch_repeatable(database_, Lane::write, std::move(queries)));
  if (results[0].empty()) co_return Error(ErrorKind::not_found, "no such account");
  const Row row = results[1][0];
  if (!row.get<bool>(1)) co_return Error(ErrorKind::not_found, "no such mailbox");
  if (!row.get<bool>(0)) co_return Error(ErrorKind::over_quota, "too many annotations");
  doorbell_.ring_account(account);
  co_return Result<void>();
}

Task<Result<AnnotationChanges>> PostgresAnnotations::changes_since(AccountId account,
                                                                   std::uint64_t revision) {
  std::vector<Query> queries;
  queries.emplace_back(kRevision, Params(account));
  queries.emplace_back(kChanged, Params(account, revision));
  CO_TRY(const std::vector<Rows> results, co_await database_.batch(Lane::read, std::move(queries)));
  if (results[0].empty()) co_return Error(ErrorKind::not_found, "no such account");
  AnnotationChanges changes;
  changes.revision = results[0][0].get<std::uint64_t>(0);
  for (std::size_t i = 0; i < results[1].size(); ++i) {
    const Row row = results[1][i];
    changes.changed.push_back({row.get<MailboxId>(0), row.get<std::string>(1)});
  }
  co_return changes;
}

}  // namespace postern::postgres
