// A libpq connection string, as a URI or as key=value words, seen only as far as its password goes.
// Everything else in it is libpq's to judge (PostgreSQL 15 documentation, "Connection Strings").
#pragma once

#include <string>
#include <string_view>

namespace postern {

// The same without any password in it, which is the form that may be shown. Equal to the input if there is
// none.
std::string without_password(std::string_view url);

}  // namespace postern
