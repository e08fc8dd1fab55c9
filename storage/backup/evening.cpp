#include "storage/backup/evening.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/base/text.h"

namespace postern::backup {

namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kFormat = "postern-evening-2";
constexpr const char* kBegunFormat = "postern-begun-2";

std::string line(const Json& record) {
  return record.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

WallTime time_from(const Json& value) {
  return WallTime(std::chrono::microseconds(value.get<std::int64_t>()));
}

Json json_of(const Lineage& lineage) {
  Json record;
  record["store"] = lineage.store;
  record["life"] = lineage.life;
  return record;
}

Lineage lineage_from(const Json& record) {
  Lineage lineage;
  lineage.store = record.at("store").get<std::string>();
  lineage.life = record.at("life").get<std::uint32_t>();
  return lineage;
}

std::chrono::sys_days days_from(const std::string& date) {
  const auto part = [&date](std::size_t at, std::size_t count) {
    return static_cast<unsigned>(text::number(std::string_view(date).substr(at, count)).value_or(0));
  };
  return std::chrono::sys_days(std::chrono::year_month_day(std::chrono::year(static_cast<int>(part(0, 4))),
                                                           std::chrono::month(part(5, 2)),
                                                           std::chrono::day(part(8, 2))));
}

}  // namespace

std::string to_text(const Evening& evening) {
  Json record;
  record["format"] = kFormat;
  record["date"] = evening.date;
  record["run"] = evening.run;
  record["lineage"] = json_of(evening.lineage);
  record["begun_at_us"] = evening.begun_at.time_since_epoch().count();
  record["ended_at_us"] = evening.ended_at.time_since_epoch().count();
  record["new_messages"] = evening.new_messages;
  record["new_octets"] = evening.new_octets;
  record["missed"] = evening.missed;
  record["accounts"] = Json::array();
  for (const EveningAccount& one : evening.accounts) {
    Json account;
    account["account"] = raw(one.account);
    account["address"] = one.address;
    account["manifest"] = one.manifest;
    account["state"] = one.state;
    account["messages"] = one.messages;
    account["octets"] = one.octets;
    record["accounts"].push_back(std::move(account));
  }
  record["failed"] = evening.failed;
  return line(record);
}

Result<Evening> evening_from(std::string_view text) {
  Evening evening;
  try {
    const Json record = Json::parse(text);
    if (record.at("format") != kFormat) return Error(ErrorKind::invalid, "an unknown evening");
    evening.date = record.at("date").get<std::string>();
    evening.run = record.at("run").get<std::string>();
    evening.lineage = lineage_from(record.at("lineage"));
    evening.begun_at = time_from(record.at("begun_at_us"));
    evening.ended_at = time_from(record.at("ended_at_us"));
    evening.new_messages = record.at("new_messages").get<std::uint64_t>();
    evening.new_octets = record.at("new_octets").get<std::uint64_t>();
    for (const Json& one : record.at("missed")) evening.missed.push_back(one.get<std::string>());
    for (const Json& one : record.at("accounts")) {
      EveningAccount account;
      account.account = AccountId(one.at("account").get<std::int64_t>());
      account.address = one.at("address").get<std::string>();
      account.manifest = one.at("manifest").get<std::string>();
      account.state = one.at("state").get<std::string>();
      account.messages = one.at("messages").get<std::uint64_t>();
      account.octets = one.at("octets").get<std::uint64_t>();
      evening.accounts.push_back(std::move(account));
    }
    for (const Json& one : record.at("failed")) evening.failed.push_back(one.get<std::string>());
  } catch (const Json::exception& broken) {
    return Error(ErrorKind::invalid, std::string("no evening: ") + broken.what());
  }
  return evening;
}

std::string to_text(const Begun& begun) {
  Json record;
  record["format"] = kBegunFormat;
  record["run"] = begun.run;
  record["lineage"] = json_of(begun.lineage);
  return line(record);
}

Result<Begun> begun_from(std::string_view text) {
  Begun begun;
  try {
    const Json record = Json::parse(text);
    if (record.at("format") != kBegunFormat) return Error(ErrorKind::invalid, "an unknown run");
    begun.run = record.at("run").get<std::string>();
    begun.lineage = lineage_from(record.at("lineage"));
  } catch (const Json::exception& broken) {
    return Error(ErrorKind::invalid, std::string("no run: ") + broken.what());
  }
  return begun;
}

std::string date_of(WallTime time) {
  return fmt::format("{:%Y-%m-%d}", std::chrono::floor<std::chrono::seconds>(time));
}

bool is_date(std::string_view text) {
  constexpr std::size_t kOctets = 10;
  if (text.size() != kOctets) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool fits = i == 4 || i == 7 ? text[i] == '-' : text::is_digit(text[i]);
    if (!fits) return false;
  }
  return true;
}

std::vector<std::string> dates_between(const std::string& first, const std::string& last, std::size_t most) {
  std::vector<std::string> dates;
  const std::chrono::sys_days before = days_from(first);
  for (auto day = days_from(last) - std::chrono::days(1); day > before && dates.size() < most;
       day -= std::chrono::days(1))
    dates.push_back(date_of(WallTime(day)));
  std::reverse(dates.begin(), dates.end());
  return dates;
}

}  // namespace postern::backup
