// The numbers of a mailbox's keywords: given out once under the mailbox row's lock, never changed. Pages name
// keywords by them.
#pragma once

#include <string>
#include <vector>

#include "storage/mailbox_index.h"
#include "storage/postgres/database.h"

namespace postern::postgres {

struct NumberedKeyword {
  KeywordTable::Number number = 0;
  std::string name;
};

// All of the mailbox's keywords, those of `names` among them. too_large: more than kKeywordsPerMailboxMax.
Task<Result<std::vector<NumberedKeyword>>> allocate_keywords(Database& database, MailboxKey key,
                                                             std::vector<std::string> names);

}  // namespace postern::postgres
