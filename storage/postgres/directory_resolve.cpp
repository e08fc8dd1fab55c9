// Where mail for an address goes: the account, else the alias's accounts, else the same without its +detail,
// else the domain's catch-all. Unless it is an account's, one statement brings what could matter; the rules
// are applied here.
#include <unordered_map>
#include <unordered_set>

#include "storage/postgres/directory.h"

namespace postern::postgres {

namespace {

// Most mail is for the address of an account, and this asks for half of what the rules may need. Behind
// its status: whether it is full, so full that the next messages may not fit, absent, and files
// conversations.
constexpr Statement kFindRecipient{"find_recipient", R"sql(
  SELECT account_id, status,
         pool_full OR coalesce(octets >= octets_max, false) OR coalesce(messages >= messages_max, false),
         pool_full OR coalesce(octets >= octets_max / 10 * 9, false) OR coalesce(messages >= messages_max / 10 * 9, false),
         absence <> 0, EXISTS (SELECT FROM filed_conversations filed WHERE filed.account_id = accounts.account_id)
    FROM accounts JOIN account_usage USING (account_id)
   WHERE address = $1::text AND status <> $2::smallint)sql"};

// All that an address could lead to, by whatever precedence: itself, without its detail, the domain's
// catch-all, and the targets of every alias among them. UNION drops what was seen at the same depth, so loops
// cost at most the depth. LIMIT 1 keeps each look-up an index scan, however many addresses the planner
// expects of the recursion. Which of it counts is decided by Routes below.
constexpr Statement kResolve{"resolve", R"sql(
 WITH RECURSIVE found(address, depth) AS (
     SELECT form.address, 0
       FROM (SELECT $1::text AS address
             UNION ALL
             SELECT catch_all FROM domains WHERE name = $2::text AND catch_all IS NOT NULL) asked
      CROSS JOIN LATERAL (VALUES (asked.address),
                                 (split_part(split_part(asked.address, '@', 1), $3::text, 1) || '@'
                                  || split_part(asked.address, '@', -1))) form(address)
   UNION
     SELECT form.address, found.depth + 1
       FROM found
       JOIN aliases ON aliases.address = found.address
      CROSS JOIN LATERAL unnest(aliases.targets) target(address)
      CROSS JOIN LATERAL (VALUES (target.address),
                                 (split_part(split_part(target.address, '@', 1), $3::text, 1) || '@'
                                  || split_part(target.address, '@', -1))) form(address)
      WHERE found.depth < $4::integer)
 SELECT found.address, account.account_id, account.status, account.over_quota,
        alias.targets, domain.ours IS NOT NULL, domain.catch_all, account.absent, account.files
   FROM (SELECT DISTINCT address FROM found) found
   LEFT JOIN LATERAL (
     SELECT accounts.account_id, status,
            pool_full OR coalesce(octets >= octets_max, false) OR coalesce(messages >= messages_max, false)
              AS over_quota,
            absence <> 0 AS absent,
            EXISTS (SELECT FROM filed_conversations filed WHERE filed.account_id = accounts.account_id) AS files
       FROM accounts JOIN account_usage USING (account_id)
      WHERE accounts.address = found.address LIMIT 1) account ON true
   LEFT JOIN LATERAL (
     SELECT targets FROM aliases WHERE aliases.address = found.address LIMIT 1) alias ON true
   LEFT JOIN LATERAL (
     SELECT true AS ours, catch_all
       FROM domains WHERE domains.name = split_part(found.address, '@', -1) LIMIT 1) domain ON true)sql"};

// Where no detail is separated: the second form of an address is then the address again.
constexpr std::string_view kNoSeparator = "@";

// The precedence of the rules, over what the one statement brought.
class Routes {
 public:
  Routes(const Rows& rows, std::optional<char> detail_separator) : detail_separator_(detail_separator) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row row = rows[i];
      Place place;
      if (!row.is_null(1)) {
        const auto status = static_cast<AccountStatus>(row.get<std::int16_t>(2));
        if (status != AccountStatus::deleted)
          place.account =
              Recipient{row.get<AccountId>(1), row.get<bool>(3), row.get<bool>(7), row.get<bool>(8)};
        place.disabled = status == AccountStatus::disabled;
      }
      if (!row.is_null(4)) place.targets = row.get<std::vector<std::string>>(4);
      place.is_alias = !row.is_null(4);
      place.ours = row.get<bool>(5);
      if (!row.is_null(6)) place.catch_all = row.get<std::string>(6);
      places_.emplace(row.get<std::string>(0), std::move(place));
    }
  }

  Result<std::vector<Recipient>> resolve(const std::string& address) {
    const auto own = places_.find(address);
    std::optional<std::string> at = existing(address);
    if (!at && own != places_.end() && own->second.catch_all) at = existing(*own->second.catch_all);
    if (!at) return Error(ErrorKind::not_found, "no such address");
    follow(*at);
    if (!recipients_.empty()) return std::move(recipients_);
    if (saw_disabled_) return Error(ErrorKind::denied, "account is disabled");
    if (saw_outside_) return Error(ErrorKind::invalid, "leads outside only, and nothing is relayed");
    return Error(ErrorKind::not_found, "alias leads to no account");
  }

 private:
  struct Place {
    std::optional<Recipient> account;
    bool disabled = false;
    bool is_alias = false;
    bool ours = false;  // its domain is served here
    std::vector<std::string> targets;
    std::optional<std::string> catch_all;  // of its domain
  };

  // The address itself or the one without its detail, if there is an account or alias of that name.
  std::optional<std::string> existing(const std::string& address) const {
    if (is_place(address)) return address;
    if (!detail_separator_) return std::nullopt;
    const auto parsed = parse_address(address);
    if (!parsed) return std::nullopt;
    const auto shorter = parsed->without_detail(*detail_separator_);
    if (shorter && is_place(shorter->text())) return shorter->text();
    return std::nullopt;
  }

  bool is_place(const std::string& address) const {
    const auto found = places_.find(address);
    return found != places_.end() && (found->second.account || found->second.is_alias);
  }

  // Level by level, so that an address is reached by its shortest way and loops end.
  void follow(const std::string& start) {
    std::vector<std::string> level{start};
    std::unordered_set<std::string> visited{start};
    for (int depth = 0; depth <= PostgresDirectory::kAliasDepthMax && !level.empty(); ++depth) {
      std::vector<std::string> next;
      for (const std::string& address : level) {
        for (const std::string& target : take(places_.at(address))) {
          if (visited.insert(target).second) next.push_back(target);
        }
      }
      level = std::move(next);
    }
  }

  // Counts an account as recipient, or returns where an alias leads on to.
  std::vector<std::string> take(const Place& place) {
    std::vector<std::string> onwards;
    if (place.account) {
      saw_disabled_ = saw_disabled_ || place.disabled;
      if (!place.disabled) recipients_.push_back(*place.account);
      return onwards;
    }
    for (const std::string& target : place.targets) {
      const auto found = places_.find(target);
      if (auto next = existing(target)) {
        onwards.push_back(*std::move(next));
      } else if (found != places_.end() && !found->second.ours) {
        saw_outside_ = true;
      }
    }
    return onwards;
  }

  const std::optional<char> detail_separator_;
  std::unordered_map<std::string, Place> places_;
  std::vector<Recipient> recipients_;
  bool saw_disabled_ = false;
  bool saw_outside_ = false;
};

}  // namespace

Task<Result<std::vector<Recipient>>> PostgresDirectory::resolve(std::string address) {
  const auto normal = parse_address(address);
  if (!normal) co_return Error(ErrorKind::not_found, "not an address");
  const std::string text = normal->text();
  if (const auto known = recipients_.find(text)) {
    co_return std::vector<Recipient>(1, Recipient{*known});
  }
  const std::uint64_t bells_heard = recipients_.bells_heard();
  Params own(text, static_cast<std::int16_t>(AccountStatus::deleted));
  CO_TRY(Rows account, co_await database_.query(Lane::read, kFindRecipient, std::move(own)));
  if (!account.empty()) {
    const auto status = static_cast<AccountStatus>(account[0].get<std::int16_t>(1));
    if (status == AccountStatus::disabled) co_return Error(ErrorKind::denied, "account is disabled");
    const Recipient found{account[0].get<AccountId>(0), account[0].get<bool>(2), account[0].get<bool>(4),
                          account[0].get<bool>(5)};
    const bool may_be_kept = !account[0].get<bool>(3) && !found.absent && !found.files;
    if (may_be_kept) recipients_.put(text, found.account, bells_heard);
    co_return std::vector<Recipient>(1, found);
  }
  const std::string separator =
      detail_separator_ ? std::string(1, *detail_separator_) : std::string(kNoSeparator);
  Params params(text, normal->domain, separator, std::int32_t{kAliasDepthMax});
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kResolve, std::move(params)));
  Routes routes(rows, detail_separator_);
  co_return routes.resolve(text);
}

}  // namespace postern::postgres
