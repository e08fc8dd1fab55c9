#include "storage/model/quota.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace postern {

namespace {
// By WhenFull.
constexpr std::array<std::string_view, 3> kWhenFull{"settings", "defer", "reject"};
}  // namespace

std::string_view name_of(WhenFull when) {
  return kWhenFull[static_cast<std::size_t>(when)];
}

std::optional<WhenFull> when_full_from(std::string_view name) {
  const auto at = std::find(kWhenFull.begin(), kWhenFull.end(), name);
  if (at == kWhenFull.end()) return std::nullopt;
  return static_cast<WhenFull>(at - kWhenFull.begin());
}

QuotaNotice usual_notice(QuotaLevel level) {
  switch (level) {
    case QuotaLevel::relieved:
      return {"Your mailbox has room again",
              "The mailbox {address} is {percent} % full: {used} of {limit}.\n\n"
              "There is room again; mail comes in as usual.\n"};
    case QuotaLevel::most:
      return {"Your mailbox is {percent} % full",
              "The mailbox {address} is {percent} % full: {used} of {limit}.\n\n"
              "Please delete what you no longer need, and empty the trash: what is in it counts.\n"};
    case QuotaLevel::nearly_all:
      return {"Your mailbox is {percent} % full and will soon take no more mail",
              "The mailbox {address} is {percent} % full: {used} of {limit}.\n\n"
              "When it is full, new mail for you is turned away. Please delete what you no longer need, and "
              "empty\n"
              "the trash: what is in it counts.\n"};
    case QuotaLevel::full:
      return {
          "Your mailbox is full: new mail is turned away",
          "The mailbox {address} is full: {used} of {limit}.\n\n"
          "New mail for you is turned away until there is room. Please delete what you no longer need, and\n"
          "empty the trash: what is in it counts.\n"};
  }
  return {};
}

std::string octets_text(std::uint64_t octets) {
  constexpr const char* kUnits[] = {"octets", "KiB", "MiB", "GiB", "TiB"};
  auto amount = static_cast<double>(octets);
  std::size_t unit = 0;
  while (amount >= 1024 && unit + 1 < std::size(kUnits)) {
    amount /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} octets", octets) : fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

std::string fill_in(std::string_view text, const QuotaFacts& facts) {
  const std::pair<std::string_view, std::string> places[] = {{"{address}", facts.address},
                                                             {"{percent}", std::to_string(facts.percent)},
                                                             {"{used}", facts.used},
                                                             {"{limit}", facts.limit}};
  std::string filled;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const auto* place = std::find_if(std::begin(places), std::end(places),
                                     [rest](const auto& one) { return rest.starts_with(one.first); });
    if (place == std::end(places)) {
      filled += text[at++];
    } else {
      filled += place->second;
      at += place->first.size();
    }
  }
  return filled;
}

}  // namespace postern
