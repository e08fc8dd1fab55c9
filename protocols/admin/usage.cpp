// /usage/{month}: a month for the biller, in pieces, so that no month is too large.
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"
#include "protocols/admin/times.h"

namespace postern::admin {

namespace {

constexpr std::uint32_t kRowsAtOnce = 1000;

// RFC 4180; and a text that a spreadsheet would take for a formula gets an apostrophe in front.
std::string csv_field(const std::string& text) {
  constexpr std::string_view kFormula = "=+-@\t";
  std::string field = "\"";
  if (!text.empty() && kFormula.find(text.front()) != std::string_view::npos) field += '\'';
  for (const char c : text) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + '"';
}

std::string csv_line(const UsageDay& day) {
  std::string features;
  for (const Feature feature : day.features) {
    if (!features.empty()) features += ' ';
    features += name_of(feature);
  }
  std::string line = day.day + ',' + std::to_string(raw(day.tenant));
  for (const std::string& text : {day.domain, day.address, day.plan, features}) line += ',' + csv_field(text);
  for (const std::uint64_t number : {day.octets, day.messages, std::uint64_t{day.devices}}) {
    line += ',' + std::to_string(number);
  }
  return line + "\r\n";
}
constexpr const char* kCsvHead = "day,tenant,domain,account,plan,features,octets,messages,devices\r\n";

enum class Format : std::uint8_t { json, csv };

class Writer {
 public:
  explicit Writer(Format format) : format_(format) {}
  std::string head(const std::string& month) const {
    if (format_ == Format::csv) return kCsvHead;
    return "{\"month\":\"" + month + "\",\"items\":[";
  }
  std::string rows(const std::vector<UsageDay>& days) {
    std::string text;
    for (const UsageDay& day : days) {
      if (format_ == Format::csv) {
        text += csv_line(day);
      } else {
        if (std::exchange(begun_, true)) text += ',';
        text += usage_json(day).dump(-1, ' ', false, Json::error_handler_t::replace);
      }
    }
    return text;
  }
  std::string end() const { return format_ == Format::csv ? "" : "]}\n"; }

 private:
  Format format_;
  bool begun_ = false;
};

http::Response head_of(Format format, const std::string& month) {
  const bool csv = format == Format::csv;
  http::Response head(200);
  head.fields.set("Content-Type", csv ? "text/csv; charset=utf-8" : "application/json");
  head.fields.set("Cache-Control", "no-store");
  head.fields.set("X-Content-Type-Options", "nosniff");
  if (csv) head.fields.set("Content-Disposition", "attachment; filename=\"usage-" + month + ".csv\"");
  return head;
}

}  // namespace

Task<Result<Answer>> export_usage(Call& call) {
  const std::string month = call.arg(0);
  Query query(call.exchange.head().query);
  RecordFilter filter;
  filter.tenant = query.tenant();
  filter.domain = query.domain();
  if (auto refusal = query.refusal()) co_return *std::move(refusal);
  if (!is_month(month)) co_return malformed("A month is wanted, as 2026-01");
  const Format format =
      call.exchange.head().fields.has_token("Accept", "text/csv") ? Format::csv : Format::json;
  Writer writer(format);
  UsagePlace place;
  bool begun = false;
  std::vector<UsageDay> days;
  do {
    // Before the first octet a failure is still a problem that can be told.
    CO_TRY(days, co_await call.store().records().usage(call.who.reach, filter, month, place, kRowsAtOnce));
    if (!std::exchange(begun, true)) {
      http::Response head = head_of(format, month);
      CO_TRY_VOID(co_await call.exchange.begin(std::move(head)));
      const std::string opening = writer.head(month);
      CO_TRY_VOID(co_await call.exchange.write(opening));
    }
    const std::string rows = writer.rows(days);
    if (!rows.empty()) CO_TRY_VOID(co_await call.exchange.write(rows));
    if (!days.empty()) {
      place.day = days.back().day;
      place.account = days.back().account;
    }
  } while (days.size() == kRowsAtOnce);
  const std::string ending = writer.end();
  if (!ending.empty()) CO_TRY_VOID(co_await call.exchange.write(ending));
  CO_TRY_VOID(co_await call.exchange.end());
  Answer done;
  done.sent = true;
  co_return done;
}

}  // namespace postern::admin
