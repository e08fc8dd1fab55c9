// The subject that replies and forwards share with what they answer (RFC 5256 §2.1). Pure.
#pragma once

#include <string>
#include <string_view>

namespace postern::imap {

struct BaseSubject {
  std::string text;       // UTF-8, folded for comparison; may be empty
  bool is_reply = false;  // or a forward: something was taken away
};

// `raw` is the field as it stands in the message, unfolded. Linear.
BaseSubject base_subject(std::string_view raw);

}  // namespace postern::imap
