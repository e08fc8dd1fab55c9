#include "tests/phone/local_mailbox.h"

#include <algorithm>

#include "tests/phone/expect.h"

namespace postern::phone {

bool LocalFolder::is_mail() const {
  return (type >= kInbox && type <= 6) || type == kUserMail;
}

LocalFolder& LocalMailbox::of_type(std::uint32_t type) {
  for (auto& [id, folder] : folders) {
    if (folder.type == type) return folder;
  }
  throw Broken("no folder of type " + std::to_string(type));
}

LocalFolder& LocalMailbox::named(const std::string& name) {
  for (auto& [id, folder] : folders) {
    if (folder.name == name) return folder;
  }
  throw Broken("no folder " + name);
}

std::string item_with_subject(const LocalFolder& folder, const std::string& subject) {
  std::string found;
  for (const auto& [id, item] : folder.items) {
    if (item.subject != subject) continue;
    expect(found.empty(), "twice in " + folder.name + ": " + subject);
    found = id;
  }
  if (found.empty()) throw NotThere("not in " + folder.name + ": " + subject);
  return found;
}

std::size_t count_with_subject(const LocalFolder& folder, const std::string& subject) {
  return static_cast<std::size_t>(
      std::count_if(folder.items.begin(), folder.items.end(),
                    [&](const auto& one) { return one.second.subject == subject; }));
}

}  // namespace postern::phone
