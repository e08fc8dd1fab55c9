// What the reading and the restoring side of recovery have in common: what is asked for, and how it is looked
// for until something is found.
#pragma once

#include "protocols/admin/call.h"
#include "protocols/admin/fields.h"

namespace postern::admin {

// From the members of a request's body. What is wrong is noted.
RecoveryQuery recovery_query_from(Fields& fields);
// The same from the parameters of a query, with its page.
RecoveryQuery recovery_query_from(Query& query);

// One page; of those that have nothing that fits, though there is more, several: kLooksMax at most.
Task<Result<RecoveryPage>> look_for_removed(Recovery& recovery, AccountId account, RecoveryQuery query);
constexpr int kLooksMax = 10;

}  // namespace postern::admin
