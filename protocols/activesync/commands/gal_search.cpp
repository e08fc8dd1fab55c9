#include "protocols/activesync/commands/gal_search.h"

#include <algorithm>

namespace postern::activesync {

namespace {

GalEntry entry_of(const Person& person, bool wants_pictures) {
  GalEntry entry;
  entry.display_name = person.display_name.empty() ? person.address : person.display_name;
  entry.alias = person.address.substr(0, person.address.find('@'));
  entry.email_address = person.address;
  if (wants_pictures) entry.picture.emplace();
  return entry;
}

}  // namespace

Task<Result<FoundEntries>> find_in_gal(Conversation& conversation, std::string text, Range range,
                                       bool wants_pictures) {
  PeopleRange wanted;
  wanted.first = range.first;
  wanted.count_max = std::min(range.last - range.first, kPeopleMax - 1) + 1;
  FoundEntries found;
  auto people =
      co_await conversation.store().directory().find_people(conversation.account.id, std::move(text), wanted);
  const bool has_no_word = !people && people.error().kind == ErrorKind::invalid;
  if (has_no_word) co_return found;
  if (!people) co_return std::move(people).error();
  for (const Person& one : people->found) found.entries.push_back(entry_of(one, wants_pictures));
  found.total = people->total;
  co_return found;
}

std::optional<Range> range_shown(Range asked, std::size_t count) {
  if (count == 0) return std::nullopt;
  return Range{asked.first, asked.first + static_cast<std::uint32_t>(count) - 1};
}

}  // namespace postern::activesync
