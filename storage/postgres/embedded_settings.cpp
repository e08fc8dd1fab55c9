#include "storage/postgres/embedded_settings.h"

#include <algorithm>

namespace postern::postgres {

namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;
constexpr std::uint64_t kSharedBuffersMin = 64 * kMiB;
constexpr std::uint64_t kSharedBuffersMax = 512 * kMiB;

}  // namespace

const char* const kEmbeddedMainFile =
    "# What Postern sets is in postern.conf, which is written anew at every start.\n"
    "include 'postern.conf'\n"
    "# Settings below this line are yours and win.\n";

std::string embedded_settings(std::uint64_t memory_octets) {
  const std::uint64_t buffers = std::clamp(memory_octets / 4, kSharedBuffersMin, kSharedBuffersMax);
  const auto mib = [](std::uint64_t octets) { return std::to_string(octets / kMiB) + "MB"; };
  return "fsync = on\n"
         "full_page_writes = on\n"
         "synchronous_commit = on\n"
         "data_sync_retry = off\n"
         "max_connections = 300\n"
         "shared_buffers = " +
         mib(buffers) +
         "\n"
         "effective_cache_size = " +
         mib(std::max(memory_octets / 2, buffers)) +
         "\n"
         "work_mem = 8MB\n"
         "maintenance_work_mem = 64MB\n"
         "wal_compression = lz4\n"
         "max_wal_size = 2GB\n"
         "min_wal_size = 256MB\n"
         "checkpoint_timeout = 15min\n"
         // Small updates all day long, in narrow tables.
         "autovacuum_vacuum_scale_factor = 0.05\n"
         "autovacuum_naptime = 30s\n"
         "random_page_cost = 1.1\n"
         "jit = off\n"
         "unix_socket_permissions = 0700\n"
         // A week of files by day of the week. DETAIL lines quote rows, so they are left out.
         "logging_collector = on\n"
         "log_directory = 'log'\n"
         "log_filename = 'postgres-%a.log'\n"
         "log_truncate_on_rotation = on\n"
         "log_rotation_age = 1d\n"
         "log_rotation_size = 0\n"
         "log_error_verbosity = terse\n"
         "log_parameter_max_length = 0\n"
         "log_parameter_max_length_on_error = 0\n"
         "log_min_error_statement = panic\n"
         "timezone = 'UTC'\n"
         "log_timezone = 'UTC'\n";
}

}  // namespace postern::postgres
