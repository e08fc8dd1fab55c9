// One event, one line: time, level, room.verb, then key=value pairs (logfmt, or JSON by setting).
// Values are escaped here, so no input can forge a line. Nothing private at info level: no addresses,
// subjects or message text; passwords have no print operator at all (Secret).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace postern {

enum class Level { debug, info, warning, error };
enum class LogFormat { logfmt, json };

struct LogField {
  std::string_view key;
  std::string value;
  bool quoted = true;  // a string, as opposed to a number or true/false

  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(v) {}
  LogField(std::string_view k, const char* v) : key(k), value(v) {}
  LogField(std::string_view k, bool v) : key(k), value(v ? "true" : "false"), quoted(false) {}
  template <class N>
  requires std::is_arithmetic_v<N> LogField(std::string_view k, N v)
      : key(k), value(std::to_string(v)), quoted(false) {}
};

// Copies share one sink. Writing never blocks the event loop for longer than a pipe or file write.
class Log {
 public:
  Log(Level least, LogFormat format);  // to standard error
  static Log silent();                 // for tests
  // log.event(Level::info, "imap.login", {{"session", id}, {"account", account}, {"ms", elapsed}});
  void event(Level level, std::string_view name, std::initializer_list<LogField> fields = {}) const;
  bool enabled(Level level) const { return sink_ && level >= least_; }

 private:
  class Sink;
  Log() = default;
  Level least_ = Level::error;
  LogFormat format_ = LogFormat::logfmt;
  std::shared_ptr<Sink> sink_;
};

// The text of one line without the time; what event() prints, for the unit table.
std::string format_event(LogFormat format, Level level, std::string_view name,
                         std::initializer_list<LogField> fields);

}  // namespace postern
