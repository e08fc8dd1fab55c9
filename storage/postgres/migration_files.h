// The texts of migrations/NNNN_name.sql as they were at build time; embed_migrations.cmake writes the .cpp.
#pragma once

#include <string_view>
#include <vector>

namespace postern::postgres {

struct MigrationFile {
  std::string_view name;  // "0001_foundation"
  std::string_view sql;
};

// In order.
std::vector<MigrationFile> migration_files();

}  // namespace postern::postgres
