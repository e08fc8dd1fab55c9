// The embedded server's configuration: postgresql.conf belongs to the administrator and begins by including
// postern.conf, which is written anew at every start. PostgreSQL 15 documentation, chapter 20.
#pragma once

#include <cstdint>
#include <string>

namespace postern::postgres {

extern const char* const kEmbeddedMainFile;

std::string embedded_settings(std::uint64_t memory_octets);

}  // namespace postern::postgres
