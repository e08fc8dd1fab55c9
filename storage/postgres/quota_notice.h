// The message that tells an account how full it is. Pure: the same facts make the same octets.
#pragma once

#include <string>

#include "gateway/base/clock.h"
#include "storage/model/quota.h"

namespace postern::postgres {

struct QuotaLetter {
  QuotaNotice notice;
  QuotaFacts facts;
  std::string copy_to;  // empty: nobody
  std::string token;    // letters and digits that no other letter has
  WallTime at{};
};

std::string compose(const QuotaLetter& letter);

}  // namespace postern::postgres
