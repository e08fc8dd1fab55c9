// The address book of a domain: what an account is called in it, and who is found there.
#include "storage/name_words.h"
#include "storage/postgres/directory.h"
#include "storage/postgres/directory_rows.h"

namespace postern::postgres {

namespace {

constexpr Statement kSetProfile{"set_profile", R"sql(
 UPDATE accounts SET display_name = $2::text, name_words = $3::text[], in_address_book = $4::boolean
  WHERE account_id = $1::bigint)sql"};

// The indexes are on exactly these expressions.
constexpr Statement kFindPeople{"find_people", R"sql(
 WITH sought AS (
     SELECT domain_id, address_book_query(domain_id, $2::text[]) AS words
       FROM accounts WHERE account_id = $1::bigint),
 found AS (
     SELECT account_id
       FROM accounts
      WHERE address_book_words(domain_id, address, name_words) @@ (SELECT words FROM sought)
     UNION
     SELECT account.account_id
       FROM aliases alias JOIN accounts account ON account.address = alias.targets[1]
      WHERE cardinality(alias.targets) = 1
        AND address_book_words(alias.domain_id, alias.address, '{}'::text[]) @@ (SELECT words FROM sought))
 SELECT account_id, address, display_name, count(*) OVER ()
   FROM found JOIN accounts USING (account_id)
  WHERE status = $3::smallint AND in_address_book AND domain_id = (SELECT domain_id FROM sought)
  ORDER BY display_name = '', name_words COLLATE "C", address COLLATE "C"
 OFFSET $4::bigint LIMIT $5::bigint)sql"};

}  // namespace

Task<Result<void>> PostgresDirectory::set_profile(AccountId id, Profile profile) {
  if (!profile.display_name.empty()) CO_TRY_VOID(check_label(profile.display_name));
  Params params(id, profile.display_name, name_words(profile.display_name), profile.in_address_book);
  co_return co_await change_account(kSetProfile, id, std::move(params));
}

Task<Result<People>> PostgresDirectory::find_people(AccountId asker, std::string text, PeopleRange range) {
  if (range.count_max > kPeopleMax) co_return Error(ErrorKind::too_large, "too many people at once");
  const std::vector<std::string> words = sought_words(text);
  if (words.empty()) co_return Error(ErrorKind::invalid, "no word to look for");
  Params params(asker, words, static_cast<std::int16_t>(AccountStatus::active), range.first, range.count_max);
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kFindPeople, std::move(params)));
  People people;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    people.found.push_back({row.get<AccountId>(0), row.get<std::string>(1), row.get<std::string>(2)});
    people.total = row.get<std::uint64_t>(3);
  }
  co_return people;
}

}  // namespace postern::postgres
