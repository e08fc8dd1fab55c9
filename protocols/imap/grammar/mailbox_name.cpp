#include "protocols/imap/grammar/mailbox_name.h"

#include <vector>

#include "gateway/base/text.h"

namespace postern::imap {

MailboxArgument mailbox_argument(std::string_view spelled, NameSpelling names) {
  MailboxArgument argument;
  const Result<std::string> utf8 =
      names == NameSpelling::utf8 ? Result<std::string>(std::string(spelled)) : from_modified_utf7(spelled);
  if (!utf8) {
    argument.problem = utf8.error().detail;
    return argument;
  }
  Result<MailboxName> name = MailboxName::parse(*utf8);
  if (name) {
    argument.name = *std::move(name);
  } else {
    argument.problem = name.error().detail;
  }
  return argument;
}

MailboxArgument new_mailbox_argument(std::string_view spelled, NameSpelling names) {
  if (spelled.size() > 1 && spelled.back() == kHierarchySeparator) spelled.remove_suffix(1);
  return mailbox_argument(spelled, names);
}

ListPattern::ListPattern(std::string_view reference, std::string_view pattern) {
  const auto is_wildcard = [](char c) { return c == '*' || c == '%'; };
  const std::string whole = std::string(reference).append(pattern);
  for (char c : whole) {
    if (!is_wildcard(c)) ++literals_;
    if (!is_wildcard(c) || text_.empty() || !is_wildcard(text_.back())) {
      text_ += c;
    } else if (c == '*') {
      text_.back() = '*';
    }
  }
}

// at[i]: what was read of the name so far can be matched by the first i octets of the pattern.
bool ListPattern::matches(std::string_view name) const {
  if (literals_ > name.size()) return false;  // and so the pattern is at most twice as long as the name
  const bool in_inbox = name == kInboxName || name.starts_with(std::string(kInboxName) + kHierarchySeparator);
  const std::size_t size = text_.size();
  std::vector<char> at(size + 1);
  const auto pass_wildcards = [&] {
    for (std::size_t i = 0; i < size; ++i) {
      if (at[i] && (text_[i] == '*' || text_[i] == '%')) at[i + 1] = 1;
    }
  };
  at[0] = 1;
  pass_wildcards();
  for (std::size_t k = 0; k < name.size(); ++k) {
    const char c = name[k];
    const bool fold = in_inbox && k < kInboxName.size();
    for (std::size_t i = size + 1; i-- > 0;) {
      const bool stays =
          i < size && at[i] && (text_[i] == '*' || (text_[i] == '%' && c != kHierarchySeparator));
      const bool moves = i > 0 && at[i - 1] &&
                         (text_[i - 1] == c || (fold && text::upper(text_[i - 1]) == c)) &&
                         text_[i - 1] != '*' && text_[i - 1] != '%';
      at[i] = stays || moves;
    }
    pass_wildcards();
  }
  return at[size];
}

}  // namespace postern::imap
