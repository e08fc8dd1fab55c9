// rooms: mailfiles
// Names and lists of a Maildir: what is taken can be written, and is then read as the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "storage/mailfiles/maildir.h"

using namespace postern;
using namespace postern::mailfiles;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(octets), size);
  const MaildirName name = parse_maildir_name(input);
  if (parse_maildir_name(name.base + maildir_info(name.system, name.keywords)).system != name.system)
    std::abort();
  if (const auto mailbox = folder_mailbox(input)) {
    const auto again = folder_mailbox(folder_directory(*mailbox));
    if (!mailbox->is_inbox() && !again) std::abort();
  }
  if (const auto list = parse_uid_list(input)) {
    const auto again = parse_uid_list(uid_list_text(*list));
    if (!again || again->by_base.size() != list->by_base.size()) std::abort();
  }
  parse_keyword_list(input);
  return 0;
}
