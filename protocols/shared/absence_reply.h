// Answering for who is out of office (RFC 3834): which messages ask for an answer, and what it looks like.
// Pure; absence_answer.h acts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/model/absence.h"

namespace postern {

constexpr std::size_t kAskingHeaderOctetsMax = 64 * 1024;  // of the message that may be answered

// Whether a person wrote it, to one of `own` by name: not a list, not a robot, not a bounce, not oneself.
// `header` may be cut.
bool asks_for_answer(std::string_view header, std::string_view reverse_path,
                     const std::vector<std::string>& own);

struct AbsenceAnswer {
  AbsenceReply reply;
  std::string from;          // the absent account's address
  std::string display_name;  // may be empty
  std::string to;            // the asker's envelope sender
};
// The message, with what it takes from the asker's header.
std::string compose(const AbsenceAnswer& answer, std::string_view header);

}  // namespace postern
