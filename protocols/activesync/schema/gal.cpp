#include "protocols/activesync/schema/gal.h"

namespace postern::activesync {

namespace {

struct Row {
  Tag tag;
  std::string GalEntry::*member;
};
constexpr Row kRows[] = {
    {"GAL:DisplayName"_tag, &GalEntry::display_name},
    {"GAL:Phone"_tag, &GalEntry::phone},
    {"GAL:Office"_tag, &GalEntry::office},
    {"GAL:Title"_tag, &GalEntry::title},
    {"GAL:Company"_tag, &GalEntry::company},
    {"GAL:Alias"_tag, &GalEntry::alias},
    {"GAL:FirstName"_tag, &GalEntry::first_name},
    {"GAL:LastName"_tag, &GalEntry::last_name},
    {"GAL:HomePhone"_tag, &GalEntry::home_phone},
    {"GAL:MobilePhone"_tag, &GalEntry::mobile_phone},
    {"GAL:EmailAddress"_tag, &GalEntry::email_address},
};

}  // namespace

void write_properties(Writer& out, const GalEntry& entry) {
  for (const Row& row : kRows) {
    if (!(entry.*row.member).empty()) out.text(row.tag, entry.*row.member);
  }
  if (!entry.picture) return;
  const auto picture = out.open("GAL:Picture"_tag);
  out.number("GAL:Status"_tag, entry.picture->status.code);
  if (!entry.picture->octets.empty()) out.text("GAL:Data"_tag, entry.picture->octets);
}

}  // namespace postern::activesync
