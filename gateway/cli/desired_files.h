// Files that say what should be so: YAML for `postern apply`, CSV for `postern account import`. All mistakes
// are found at once, each with its line; then nothing is done.
#pragma once

#include "gateway/cli/desired.h"

namespace postern::cli {

// domains: [{domain, tenant, plan, catch_all}], accounts: [{address, …, features: {…}}],
// aliases: [{alias, targets: […]}]. Nothing is valid if there are mistakes.
Desired read_desired_yaml(const std::string& text, FileMistakes& mistakes);

// The first line names the columns, which are account_fields(); an empty field says nothing.
Desired read_desired_csv(const std::string& text, FileMistakes& mistakes);

}  // namespace postern::cli
