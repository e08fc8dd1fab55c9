// The rule of arrows: who may include whom, and which library is known where. A new room or library is a new
// row here and a new line in CMakeLists.txt. Every violation is told with its file and line.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>

#include "tests/source_files.h"

namespace postern {
namespace {

enum class Purity { pure, acting };  // pure: no coroutine, no input or output, no clock

struct Room {
  std::string folder;                  // and what lies below, unless that has a row; or one header
  std::vector<std::string> may_use;    // rooms; its own is understood
  std::vector<std::string> libraries;  // by the name in kLibraries
  Purity purity = Purity::acting;
};

const std::vector<std::string> kFloor = {"gateway/base", "gateway/async", "gateway/net"};
const std::vector<std::string> kValues = {"gateway/base", "storage/model", "storage/mime"};
const std::vector<std::string> kStore = {"gateway/base",  "gateway/async", "config",
                                         "storage/model", "storage/mime",  "storage"};

std::vector<std::string> operator+(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const std::vector<std::string> kDoor = kStore + std::vector<std::string>{"gateway/net", "protocols/shared"};
// Values, which grammar yields and commands take.
const std::string kImapArgument = "protocols/imap/argument.h";
const std::string kImapCommand = "protocols/imap/command.h";
const std::vector<std::string> kImapWords = {kImapArgument, kImapCommand};
const std::vector<std::string> kImapValues =
    kImapWords + std::vector<std::string>{"protocols/imap/grammar", "protocols/imap/response"};

// One target, but the pure rooms: a conversation runs commands, and a command speaks in its conversation.
const std::vector<std::string> kActiveSync = {"protocols/activesync/wbxml", "protocols/activesync/schema",
                                              "protocols/activesync", "protocols/activesync/commands",
                                              "protocols/http"};

const std::vector<Room> kRooms = {
    {"gateway/base", {}, {"spdlog"}},
    {"gateway/async", {"gateway/base"}, {"libuv"}},
    {"gateway/net", {"gateway/base", "gateway/async"}, {"libuv", "openssl", "zlib"}},
    {"config", {"gateway/base"}, {"yaml-cpp"}},

    {"storage/model", {"gateway/base"}, {"utf8proc", "libidn2"}, Purity::pure},
    {"storage/mime", {"gateway/base", "storage/model"}, {"utf8proc", "iconv"}, Purity::pure},
    {"storage/mailfiles", kValues, {}},
    {"storage", kStore, {"zstd"}},
    {"storage/exchange", kStore + std::vector<std::string>{"storage/mailfiles"}, {}},
    {"storage/backup",
     kStore + std::vector<std::string>{"storage/exchange", "storage/mailfiles"},
     {"nlohmann-json", "openssl", "zstd", "libcurl"}},
    {"storage/postgres", kStore, {"libpq", "openssl", "zstd"}},

    {"protocols/shared", kStore + std::vector<std::string>{"gateway/net"}, {"openssl", "crypt", "utf8proc"}},
    {"protocols/imap_client",
     kStore + std::vector<std::string>{"gateway/net", "storage/exchange", "storage/mailfiles"},
     {"openssl"}},
    {"protocols/pop3", kDoor, {}},
    {"protocols/lmtp", kDoor, {}},
    {"protocols/submission", kDoor, {}},
    {kImapArgument, kValues, {}, Purity::pure},
    {kImapCommand, kValues + std::vector{kImapArgument}, {}, Purity::pure},
    {"protocols/imap/grammar", kValues + kImapWords, {"iconv"}, Purity::pure},
    {"protocols/imap/response",
     kValues + kImapWords + std::vector<std::string>{"protocols/imap/grammar"},
     {},
     Purity::pure},
    {"protocols/imap/commands", kDoor + kImapValues + std::vector<std::string>{"protocols/imap"}, {}},
    {"protocols/imap", kDoor + kImapValues + std::vector<std::string>{"protocols/imap/commands"}, {}},
    {"protocols/activesync/wbxml", {"gateway/base", "storage/mime"}, {}, Purity::pure},
    {"protocols/activesync/schema",
     kValues + std::vector<std::string>{"protocols/activesync/wbxml"},
     {},
     Purity::pure},
    {"protocols/activesync/commands", kDoor + kActiveSync, {}},
    {"protocols/activesync", kDoor + kActiveSync, {}},
    {"protocols/http", kFloor + std::vector<std::string>{"config"}, {"zlib"}},
    {"protocols/autoconfig", kDoor + std::vector<std::string>{"protocols/http"}, {"pugixml", "openssl"}},
    {"protocols/health", kDoor + std::vector<std::string>{"protocols/http"}, {}},
    {"protocols/admin", kDoor + std::vector<std::string>{"protocols/http"}, {"nlohmann-json"}},
    {"protocols/admin/web", kFloor + std::vector<std::string>{"protocols/http"}, {}},
    // A client of the doors, behind the page's sign-in; it does not reach into the doors themselves.
    {"protocols/demo",
     kDoor + std::vector<std::string>{"protocols/http", "protocols/admin", "protocols/imap_client",
                                      "protocols/activesync/wbxml"},
     {}},
    {"protocols",
     kDoor + std::vector<std::string>{"protocols/pop3", "protocols/lmtp", "protocols/submission",
                                      "protocols/imap", "protocols/activesync", "protocols/http",
                                      "protocols/autoconfig", "protocols/health", "protocols/admin",
                                      "protocols/admin/web", "protocols/demo"},
     {}},

    {"gateway/cli", {"*"}, {"cli11", "nlohmann-json"}},
    {"gateway", {"*"}, {"cli11", "libuv"}},  // main and supervisor
};

struct Library {
  std::string name;
  std::vector<std::string> headers;  // a header, or a folder that ends in "/"
};

const std::vector<Library> kLibraries = {
    {"spdlog", {"spdlog/"}},
    {"libuv", {"uv.h", "uv/"}},
    {"openssl", {"openssl/"}},
    {"yaml-cpp", {"yaml-cpp/"}},
    {"utf8proc", {"utf8proc.h"}},
    {"libidn2", {"idn2.h"}},
    {"iconv", {"iconv.h"}},
    {"zstd", {"zstd.h", "zstd_errors.h"}},
    {"libpq", {"libpq-fe.h", "libpq/", "postgresql/", "postgres_ext.h", "pg_config.h"}},
    {"crypt", {"crypt.h"}},
    {"zlib", {"zlib.h"}},
    {"libcurl", {"curl/"}},
    {"pugixml", {"pugixml.hpp"}},
    {"cli11", {"CLI/"}},
    {"nlohmann-json", {"nlohmann/"}},
};

// What a pure room has no use for. (gateway/base/clock.h is fine: it holds the type of a time, too.)
const std::vector<std::string> kActing = {
    "coroutine",  "fstream", "iostream", "thread",      "mutex",     "future",
    "filesystem", "random",  "time.h",   "unistd.h",    "fcntl.h",   "sys/",
    "netdb.h",    "poll.h",  "signal.h", "arpa/inet.h", "pthread.h", "gateway/base/log.h"};

// In one file each, so that a change of library is a change of one file. (zlib has two: HTTP's gzip and
// IMAP's COMPRESS.)
const std::vector<std::pair<std::string, std::string>> kOnlyIn = {
    {"yaml-cpp", "config/yaml_node.cpp"},
    {"libcurl", "storage/backup/s3_client.cpp"},
    {"pugixml", "protocols/autoconfig/autodiscover_xml.cpp"}};

bool matches(const std::string& header, const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(), [&header](const std::string& pattern) {
    return pattern.back() == '/' ? header.starts_with(pattern) : header == pattern;
  });
}

const Room* room_of(const std::string& path) {
  const Room* best = nullptr;
  for (const Room& room : kRooms) {
    if (path != room.folder && !path.starts_with(room.folder + "/")) continue;
    if (best == nullptr || room.folder.size() > best->folder.size()) best = &room;
  }
  return best;
}

struct Include {
  std::string header;
  bool in_quotes = false;
};

std::optional<Include> include_of(const std::string& line) {
  const auto hash = line.find_first_not_of(" \t");
  if (hash == std::string::npos || line[hash] != '#') return std::nullopt;
  const auto word = line.find_first_not_of(" \t", hash + 1);
  if (word == std::string::npos || line.compare(word, 7, "include") != 0) return std::nullopt;
  const auto open = line.find_first_of("\"<", word);
  if (open == std::string::npos) return Include{"", true};
  const auto close = line.find_first_of("\">", open + 1);
  return Include{line.substr(open + 1, close - open - 1), line[open] == '"'};
}

// Empty if the room may include it, else the reason why not.
std::string refusal(const SourceFile& file, const Room& room, const Include& include) {
  if (room.purity == Purity::pure && matches(include.header, kActing)) return "a pure room does not act";
  if (include.in_quotes) {
    if (!repository_has(include.header)) return "not a path from the repository's root";
    const Room* target = room_of(include.header);
    if (target == nullptr) return "outside every room";
    if (target->folder == room.folder || room.may_use == std::vector<std::string>{"*"}) return "";
    const bool allowed = std::count(room.may_use.begin(), room.may_use.end(), target->folder) > 0;
    return allowed ? "" : "no arrow from " + room.folder + " to " + target->folder;
  }
  for (const Library& library : kLibraries) {
    if (!matches(include.header, library.headers)) continue;
    if (std::count(room.libraries.begin(), room.libraries.end(), library.name) == 0) {
      return room.folder + " does not know " + library.name;
    }
    for (const auto& [name, only_file] : kOnlyIn) {
      if (name == library.name && file.path != only_file) return name + " is known to " + only_file + " only";
    }
    return "";
  }
  return repository_has(include.header) ? "write it in quotes" : "";
}

std::vector<std::string> violations(const SourceFile& file) {
  const Room* room = room_of(file.path);
  if (room == nullptr) return {file.path + ":1: in no room"};
  std::vector<std::string> found;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    if (file.code[i].find('#') == std::string::npos) continue;  // a comment, or text inside a literal
    const auto include = include_of(file.lines[i]);
    if (!include) continue;
    const std::string reason = refusal(file, *room, *include);
    if (reason.empty()) continue;
    found.push_back(file.path + ":" + std::to_string(i + 1) + ": " + include->header + ": " + reason);
  }
  return found;
}

TEST(Layers, EveryIncludeFollowsAnArrow) {
  std::size_t files = 0;
  for (const SourceFile& file : product_sources()) {
    if (!file.is_cpp()) continue;
    ++files;
    for (const std::string& violation : violations(file)) ADD_FAILURE() << violation;
  }
  EXPECT_GT(files, 20U);
}

TEST(Layers, ArrowsHaveNoCycle) {
  // Commands of a protocol and its session know each other; to the arrows they are one room.
  const auto one_room = [](const Room& a, const Room& b) {
    return a.folder == b.folder || a.folder == b.folder + "/commands" || b.folder == a.folder + "/commands";
  };
  for (const Room& a : kRooms) {
    for (const Room& b : kRooms) {
      if (one_room(a, b)) continue;
      const bool there = std::count(a.may_use.begin(), a.may_use.end(), b.folder) > 0;
      const bool back = std::count(b.may_use.begin(), b.may_use.end(), a.folder) > 0;
      EXPECT_FALSE(there && back) << a.folder << " and " << b.folder;
    }
  }
}

TEST(Layers, ViolationsAreSeen) {
  struct Case {
    const char* path;
    const char* line;
    bool allowed;
  };
  const Case cases[] = {
      {"protocols/pop3/a.cpp", "#include \"storage/store.h\"", true},
      {"protocols/pop3/a.cpp", "#include \"config/settings.h\"", true},
      {"protocols/pop3/a.cpp", "#include <vector>", true},
      {"protocols/pop3/a.cpp", "// #include <uv.h>", true},
      {"gateway/async/a.cpp", "#include <uv.h>", true},
      {"gateway/main.cpp", "#include \"storage/store.h\"", true},
      {"config/yaml_node.cpp", "#include <yaml-cpp/parser.h>", true},
      {"config/other.cpp", "#include <yaml-cpp/parser.h>", false},
      {"protocols/pop3/a.cpp", "#include <uv.h>", false},
      {"protocols/pop3/a.cpp", "#include <libpq-fe.h>", false},
      {"protocols/pop3/a.cpp", "  #  include <libpq-fe.h>", false},
      {"protocols/shared/a.cpp", "#include <libpq-fe.h>", false},
      {"protocols/pop3/a.cpp", "#include <config/settings.h>", false},
      {"protocols/pop3/a.cpp", "#include \"settings.h\"", false},
      {"protocols/imap/grammar/a.cpp", "#include \"gateway/async/task.h\"", false},
      {"protocols/imap/grammar/a.cpp", "#include \"storage/store.h\"", false},
      {"protocols/imap/grammar/a.cpp", "#include <coroutine>", false},
      {"storage/model/a.cpp", "#include <sys/socket.h>", false},
      {"storage/a.cpp", "#include \"gateway/net/byte_stream.h\"", false},
      {"gateway/base/a.cpp", "#include \"config/settings.h\"", false},
      {"gateway/net/a.cpp", "#include \"protocols/shared/services.h\"", false},
      {"elsewhere/a.cpp", "#include <vector>", false},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(violations(scan_source(one.path, one.line)).empty(), one.allowed)
        << one.path << " " << one.line;
  }
}

}  // namespace
}  // namespace postern
