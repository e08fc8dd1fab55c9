#include "storage/postgres/absences.h"

#include "gateway/base/text.h"
#include "storage/model/account.h"
#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

constexpr Statement kFind{"find_absence", R"sql(
 SELECT account.absence, absences.begins, absences.ends, absences.enabled, absences.html, absences.replies
   FROM accounts account LEFT JOIN absences USING (account_id)
  WHERE account.account_id = $1::bigint)sql"};

constexpr Statement kSetState{"set_absence_state", R"sql(
 UPDATE accounts SET absence = $2::smallint WHERE account_id = $1::bigint)sql"};

constexpr Statement kSetReplies{"set_absence_replies", R"sql(
 INSERT INTO absences (account_id, begins, ends, enabled, html, replies)
 SELECT account_id, $2::timestamptz, $3::timestamptz, $4::smallint, $5::smallint, $6::text[]
   FROM accounts WHERE account_id = $1::bigint
 ON CONFLICT (account_id) DO UPDATE
    SET begins = excluded.begins, ends = excluded.ends, enabled = excluded.enabled, html = excluded.html,
        replies = excluded.replies)sql"};

constexpr Statement kForgetAnswered{"forget_absence_answered", R"sql(
 DELETE FROM absence_answered WHERE account_id = $1::bigint)sql"};

// Without contacts nobody outside the tenant is known: Audience 0 or 2. The sender is noted in the same step;
// one that was answered lately gives no row.
constexpr Statement kTakeReply{"take_absence_reply", R"sql(
 WITH reply AS (
   SELECT account.account_id, absence.replies[audience.number + 1] AS text,
          absence.html >> audience.number & 1 = 1 AS html
     FROM accounts account
     JOIN absences absence USING (account_id)
    CROSS JOIN LATERAL (
      SELECT CASE WHEN EXISTS (
               SELECT FROM domains own JOIN domains other USING (tenant_id)
                WHERE own.domain_id = account.domain_id AND other.name = $3::text) THEN 0 ELSE 2 END) audience(number)
    WHERE account.account_id = $1::bigint AND account.status = $6::smallint
      AND (account.absence = 1 OR account.absence = 2 AND now() >= absence.begins AND now() < absence.ends)
      AND absence.enabled >> audience.number & 1 = 1
      AND absence.replies[audience.number + 1] <> ''
      AND (SELECT count(*) FROM absence_answered answered
            WHERE answered.account_id = $1::bigint AND answered_at > now() - interval '1 hour') < $5::bigint),
 noted AS (
   INSERT INTO absence_answered (account_id, sender)
   SELECT account_id, $2::text FROM reply
   ON CONFLICT (account_id, sender) DO UPDATE SET answered_at = now()
    WHERE absence_answered.answered_at < now() - make_interval(days => $4::integer)
   RETURNING account_id)
 SELECT text, html FROM reply JOIN noted USING (account_id))sql"};

constexpr std::int16_t bit(std::size_t audience) {
  return static_cast<std::int16_t>(1 << audience);
}

Result<void> check(const Absence& absence) {
  for (const AbsenceReply& reply : absence.replies) {
    if (reply.text.size() > kAbsenceReplyOctetsMax) return Error(ErrorKind::too_large, "reply");
    const bool is_text = text::is_utf8(reply.text) && reply.text.find('\0') == std::string::npos;
    if (!is_text) return Error(ErrorKind::invalid, "a reply is no text");
  }
  if (absence.state != AbsenceState::between) return {};
  const bool in_order = absence.begin && absence.end && *absence.begin < *absence.end;
  if (!in_order) return Error(ErrorKind::invalid, "no time of absence");
  return {};
}

}  // namespace

Task<Result<Absence>> PostgresAbsences::find(AccountId account) {
  Params params(account);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kFind, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such account");
  const Row row = rows[0];
  Absence absence;
  absence.state = row.get<AbsenceState>(0);
  if (row.is_null(3)) co_return absence;
  absence.begin = row.get<std::optional<WallTime>>(1);
  absence.end = row.get<std::optional<WallTime>>(2);
  const auto enabled = row.get<std::int16_t>(3);
  const auto html = row.get<std::int16_t>(4);
  std::vector<std::string> texts = row.get<std::vector<std::string>>(5);
  texts.resize(kAudienceCount);
  for (std::size_t i = 0; i < kAudienceCount; ++i) {
    AbsenceReply& reply = absence.replies[i];
    reply.enabled = (enabled & bit(i)) != 0;
    reply.html = (html & bit(i)) != 0;
    reply.text = std::move(texts[i]);
  }
  co_return absence;
}

Task<Result<void>> PostgresAbsences::set(AccountId account, Absence absence) {
  CO_TRY_VOID(check(absence));
  const bool timed = absence.state == AbsenceState::between;
  if (!timed) absence.begin = absence.end = std::nullopt;
  std::int16_t enabled = 0;
  std::int16_t html = 0;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < kAudienceCount; ++i) {
    const AbsenceReply& reply = absence.replies[i];
    if (reply.enabled) enabled = static_cast<std::int16_t>(enabled | bit(i));
    if (reply.html) html = static_cast<std::int16_t>(html | bit(i));
    texts.push_back(reply.text);
  }
  std::vector<Query> queries;
  queries.emplace_back(kSetState, Params(account, static_cast<std::int16_t>(absence.state)));
  queries.emplace_back(kSetReplies, Params(account, absence.begin, absence.end, enabled, html, texts));
  queries.emplace_back(kForgetAnswered, Params(account));
  CO_TRY(const std::vector<Rows> results,
         co_await batch_repeatable(database_, Lane::write, std::move(queries)));
  if (results[0].affected() == 0) co_return Error(ErrorKind::not_found, "no such account");
  doorbell_.ring_account(account);
  co_return Result<void>();
}

// In doubt (closed) the sender may count as answered without a reply: that is better than two.
Task<Result<std::optional<AbsenceReply>>> PostgresAbsences::take_reply(AccountId account, std::string sender,
                                                                       Limits limits) {
  std::optional<AbsenceReply> reply;
  const auto address = parse_address(sender);
  if (!address) co_return reply;
  Params params(account, address->text(), address->domain, static_cast<std::int32_t>(limits.again_after_days),
                limits.per_hour_max, static_cast<std::int16_t>(AccountStatus::active));
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kTakeReply, std::move(params)));
  if (rows.empty()) co_return reply;
  reply.emplace();
  reply->enabled = true;
  reply->text = rows[0].get<std::string>(0);
  reply->html = rows[0].get<bool>(1);
  co_return reply;
}

}  // namespace postern::postgres
