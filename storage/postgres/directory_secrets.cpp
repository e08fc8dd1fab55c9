// What all nodes must agree on and no stranger may guess: made by whoever asks first.
#include <openssl/rand.h>

#include <stdexcept>

#include "storage/postgres/directory.h"
#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

// Of two that make it at once one waits and then finds the other's row only with a new look: hence the loop
// below.
constexpr Statement kSharedSecret{"shared_secret", R"sql(
  WITH made AS (
    INSERT INTO shared_secrets (name, octets)
    SELECT $1::text, $2::bytea WHERE NOT EXISTS (SELECT FROM shared_secrets WHERE name = $1::text)
    ON CONFLICT (name) DO NOTHING
    RETURNING octets)
  SELECT octets FROM made
  UNION ALL
  SELECT octets FROM shared_secrets WHERE name = $1::text)sql"};

constexpr std::size_t kSecretOctets = 32;
constexpr int kLooksMax = 3;

}  // namespace

Task<Result<Secret>> PostgresDirectory::shared_secret(std::string name) {
  std::string fresh(kSecretOctets, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(fresh.data()), static_cast<int>(fresh.size())) != 1) {
    throw std::runtime_error("no random octets");
  }
  for (int look = 0; look < kLooksMax; ++look) {
    Params params(name, Bytes{fresh});
    CO_TRY(Rows rows, co_await query_repeatable(database_, Lane::write, kSharedSecret, std::move(params)));
    if (!rows.empty()) co_return Secret(rows[0].get<std::string>(0));
  }
  co_return Error(ErrorKind::internal, "a shared secret is neither there nor can be made");
}

}  // namespace postern::postgres
