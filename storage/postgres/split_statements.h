// SQL text of several statements, taken apart at the semicolons outside of quotes, dollar quotes and comments
// (PostgreSQL 15 documentation, 4.1), because the extended protocol takes one statement at a time. Pure; for
// our own migrations, not for text from outside.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace postern::postgres {

// Without the semicolons; pieces of white space and comments alone are left out.
std::vector<std::string> split_statements(std::string_view sql);

}  // namespace postern::postgres
