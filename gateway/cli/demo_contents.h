// What a demo's database begins with: a domain, three accounts, and mail in them.
#pragma once

#include "gateway/cli/demo_directory.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

// Makes what is missing. Mail is delivered at the first start only, so that what was deleted stays so.
Task<Result<void>> fill_demo(StoreSession& session, DemoDirectory& demo);

}  // namespace postern::cli
