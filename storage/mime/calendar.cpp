#include "storage/mime/calendar.h"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/text.h"

namespace postern::mime {

namespace {

constexpr std::size_t kLineOctetsMax = 75;  // RFC 5545 §3.1
constexpr std::uint64_t kDurationUnitsMax = 1'000'000;

// Content lines with their folding undone.
class Lines {
 public:
  explicit Lines(std::string_view octets) : rest_(octets) {}

  std::optional<std::string> next() {
    if (rest_.empty()) return std::nullopt;
    std::string line(physical());
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) {
      rest_.remove_prefix(1);
      line += physical();
    }
    return line;
  }

 private:
  std::string_view physical() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  std::string_view rest_;
};

// A name or an unquoted value: up to one of `ends`.
std::string_view take_until(std::string_view& in, std::string_view ends) {
  const std::size_t end = std::min(in.find_first_of(ends), in.size());
  const std::string_view taken = in.substr(0, end);
  in.remove_prefix(end);
  return taken;
}

bool take(std::string_view& in, char c) {
  if (!in.starts_with(c)) return false;
  in.remove_prefix(1);
  return true;
}

// contentline = name *(";" param) ":" value                                              RFC 5545 §3.1
std::optional<CalendarProperty> parse_line(std::string_view in) {
  CalendarProperty property;
  property.name = text::to_upper(text::trim(take_until(in, ";:")));
  while (take(in, ';')) {
    Parameter parameter;
    parameter.name = text::to_upper(take_until(in, "=;:"));
    if (take(in, '=')) {
      if (take(in, '"')) {
        parameter.value = take_until(in, "\"");
        take(in, '"');
        take_until(in, ";:");  // further values
      } else {
        parameter.value = take_until(in, ";:");
      }
    }
    if (property.parameters.size() == kParametersMax) return std::nullopt;
    property.parameters.push_back(std::move(parameter));
  }
  if (property.name.empty() || !take(in, ':')) return std::nullopt;
  property.value = in;
  return property;
}

std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t count) {
  if (at > text.size() || text.size() - at < count) return std::nullopt;
  const auto value = text::number(text.substr(at, count));
  if (!value) return std::nullopt;
  return static_cast<int>(*value);
}

}  // namespace

std::string_view CalendarProperty::parameter(std::string_view wanted) const {
  for (const Parameter& one : parameters) {
    if (one.name == wanted) return one.value;
  }
  return {};
}

std::string CalendarProperty::text() const {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\' || i + 1 == value.size()) {
      out += value[i];
      continue;
    }
    const char escaped = value[++i];
    out += escaped == 'n' || escaped == 'N' ? '\n' : escaped;
  }
  return out;
}

const CalendarProperty* CalendarComponent::find(std::string_view property) const {
  const auto found = std::find_if(properties.begin(), properties.end(),
                                  [property](const CalendarProperty& one) { return one.name == property; });
  return found == properties.end() ? nullptr : &*found;
}

std::string CalendarComponent::text_of(std::string_view property) const {
  const CalendarProperty* found = find(property);
  return found == nullptr ? std::string() : found->text();
}

Result<CalendarComponent> read_calendar(std::string_view utf8) {
  if (utf8.size() > kCalendarOctetsMax) return Error(ErrorKind::too_large, "a calendar");
  if (utf8.starts_with("\xEF\xBB\xBF")) utf8.remove_prefix(3);
  std::vector<CalendarComponent> open;
  std::size_t properties = 0;
  Lines lines(utf8);
  while (const auto line = lines.next()) {
    auto property = parse_line(*line);
    if (!property) continue;
    if (property->name == "BEGIN") {
      if (open.size() == kCalendarDepthMax) return Error(ErrorKind::invalid, "a calendar too deep");
      const bool is_calendar = text::same(property->value, "VCALENDAR");
      if (open.empty() && !is_calendar) continue;
      open.emplace_back().name = text::to_upper(text::trim(property->value));
    } else if (property->name == "END" && !open.empty()) {
      CalendarComponent ended = std::move(open.back());
      open.pop_back();
      if (open.empty()) return ended;
      open.back().children.push_back(std::move(ended));
    } else if (!open.empty()) {
      if (++properties > kCalendarPropertiesMax) return Error(ErrorKind::too_large, "a calendar");
      open.back().properties.push_back(*std::move(property));
    }
  }
  return Error(ErrorKind::invalid, "no whole calendar");
}

// "20250120", "20250120T140000", "20250120T140000Z"
std::optional<CalendarTime> parse_calendar_time(std::string_view value) {
  value = text::trim(value);
  const auto year = number_at(value, 0, 4);
  const auto month = number_at(value, 4, 2);
  const auto day = number_at(value, 6, 2);
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  CalendarTime time;
  time.local = std::chrono::local_days(date);
  time.is_date = value.size() == 8;
  if (time.is_date) return time;
  const auto hour = number_at(value, 9, 2);
  const auto minute = number_at(value, 11, 2);
  const auto second = number_at(value, 13, 2);
  if (value[8] != 'T' || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  time.local += std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
  time.is_utc = value.substr(15) == "Z";
  if (!time.is_utc && value.size() != 15) return std::nullopt;
  return time;
}

std::optional<std::chrono::seconds> parse_duration(std::string_view value) {
  value = text::trim(value);
  const bool negative = take(value, '-');
  if (!negative) take(value, '+');
  if (!take(value, 'P') || value.empty()) return std::nullopt;
  std::chrono::seconds sum(0);
  bool in_time = false;
  while (!value.empty()) {
    if (take(value, 'T')) {
      in_time = true;
      continue;
    }
    const auto number = text::number(take_until(value, "WDHMS"), kDurationUnitsMax);
    if (!number || value.empty()) return std::nullopt;
    const auto count = static_cast<std::int64_t>(*number);
    const char unit = value.front();
    value.remove_prefix(1);
    if (in_time != (unit == 'H' || unit == 'M' || unit == 'S')) return std::nullopt;
    switch (unit) {
      case 'W': sum += std::chrono::weeks(count); break;
      case 'D': sum += std::chrono::days(count); break;
      case 'H': sum += std::chrono::hours(count); break;
      case 'M': sum += std::chrono::minutes(count); break;
      default: sum += std::chrono::seconds(count);
    }
  }
  return negative ? -sum : sum;
}

std::string calendar_time_text(std::chrono::sys_seconds utc) {
  const auto day = std::chrono::floor<std::chrono::days>(utc);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(utc - day);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string calendar_text(std::string_view utf8) {
  std::string out;
  for (const char c : utf8) {
    if (c == '\r') continue;
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == ';' || c == ',') out += '\\';
    out += c;
  }
  return out;
}

std::string calendar_line(std::string_view line) {
  std::string out;
  std::size_t column = 0;
  for (const char c : line) {
    if (c == '\r' || c == '\n') continue;  // nothing that is put into a line ends it
    const bool begins_character = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (column >= kLineOctetsMax - 4 && begins_character) {
      out += "\r\n ";
      column = 1;
    }
    out += c;
    ++column;
  }
  return out + "\r\n";
}

}  // namespace postern::mime
