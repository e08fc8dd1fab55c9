#include "gateway/base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "gateway/base/text.h"

namespace postern {

namespace {

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "error";
}

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  for (unsigned char c : value) {
    if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c >= 0x7F) return true;
  }
  return false;
}

std::string json_string(std::string_view value) {
  const bool valid = text::is_utf8(value);
  std::string out = "\"";
  for (unsigned char c : value) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c < 0x20 || c == 0x7F || (c >= 0x80 && !valid)) {
      const char octet = static_cast<char>(c);
      out += "\\u00" + text::hex(std::string_view(&octet, 1));
    } else {
      out += static_cast<char>(c);
    }
  }
  return out + '"';
}

}  // namespace

std::string format_event(LogFormat format, Level level, std::string_view name,
                         std::initializer_list<LogField> fields) {
  std::string line;
  if (format == LogFormat::json) {
    line = "\"level\":\"" + std::string(name_of(level)) + "\",\"event\":" + json_string(name);
    for (const LogField& field : fields) {
      line += ',' + json_string(field.key) + ':' + (field.quoted ? json_string(field.value) : field.value);
    }
    return line;
  }
  line = std::string(name_of(level)) + ' ' + std::string(name);
  for (const LogField& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    if (field.quoted && needs_quotes(field.value)) {
      line += '"' + text::printable(field.value, 1024) + '"';
    } else {
      line += field.value;
    }
  }
  return line;
}

class Log::Sink {
 public:
  explicit Sink(LogFormat format) : logger_("postern", std::make_shared<spdlog::sinks::stderr_sink_st>()) {
    const char* pattern =
        format == LogFormat::json ? "{\"time\":\"%Y-%m-%dT%H:%M:%S.%eZ\",%v}" : "%Y-%m-%dT%H:%M:%S.%eZ %v";
    logger_.set_formatter(
        std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
    logger_.set_level(spdlog::level::trace);
    logger_.flush_on(spdlog::level::trace);
  }
  void write(const std::string& line) { logger_.log(spdlog::level::info, spdlog::string_view_t(line)); }

 private:
  spdlog::logger logger_;
};

Log::Log(Level least, LogFormat format)
    : least_(least), format_(format), sink_(std::make_shared<Sink>(format)) {}

Log Log::silent() {
  return Log();
}

void Log::event(Level level, std::string_view name, std::initializer_list<LogField> fields) const {
  if (!enabled(level)) return;
  sink_->write(format_event(format_, level, name, fields));
}

}  // namespace postern
