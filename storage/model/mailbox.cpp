#include "storage/model/mailbox.h"

#include <utf8proc.h>

#include <array>
#include <cstdlib>

#include "gateway/base/text.h"

namespace postern {

namespace {

struct NamedUse {
  SpecialUse use;
  std::string_view attribute;
};
constexpr std::array kUses{
    NamedUse{SpecialUse::all, "\\All"},       NamedUse{SpecialUse::archive, "\\Archive"},
    NamedUse{SpecialUse::drafts, "\\Drafts"}, NamedUse{SpecialUse::flagged, "\\Flagged"},
    NamedUse{SpecialUse::junk, "\\Junk"},     NamedUse{SpecialUse::sent, "\\Sent"},
    NamedUse{SpecialUse::trash, "\\Trash"},   NamedUse{SpecialUse::important, "\\Important"},
};

Result<std::string> nfc(std::string_view utf8) {
  utf8proc_uint8_t* composed = nullptr;
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                   static_cast<utf8proc_ssize_t>(utf8.size()), &composed,
                                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (length < 0) return Error(ErrorKind::invalid, "mailbox name is not UTF-8");
  std::string out(reinterpret_cast<const char*>(composed), static_cast<std::size_t>(length));
  std::free(composed);  // NOLINT: utf8proc allocates with malloc
  return out;
}

}  // namespace

std::string_view attribute_of(SpecialUse use) {
  for (const NamedUse& named : kUses) {
    if (named.use == use) return named.attribute;
  }
  return {};
}

std::optional<SpecialUse> special_use_from(std::string_view attribute) {
  for (const NamedUse& named : kUses) {
    if (text::same(named.attribute, attribute)) return named.use;
  }
  return std::nullopt;
}

Result<MailboxName> MailboxName::parse(std::string_view utf8) {
  if (utf8.empty()) return Error(ErrorKind::invalid, "empty mailbox name");
  if (utf8.size() > kMailboxNameOctetsMax) return Error(ErrorKind::too_large, "mailbox name too long");
  if (!text::is_utf8(utf8)) return Error(ErrorKind::invalid, "mailbox name is not UTF-8");
  for (unsigned char c : utf8) {
    if (c < 0x20 || c == 0x7F) return Error(ErrorKind::invalid, "control octet in mailbox name");
    if (c == '*' || c == '%') return Error(ErrorKind::invalid, "wildcard in mailbox name");
  }
  TRY(std::string composed, nfc(utf8));
  const auto levels = text::split(composed, kHierarchySeparator);
  if (levels.size() > kMailboxLevelsMax)
    return Error(ErrorKind::too_large, "too many levels in mailbox name");
  for (std::string_view level : levels) {
    if (level.empty()) return Error(ErrorKind::invalid, "empty level in mailbox name");
    if (level.size() > kMailboxLevelOctetsMax)
      return Error(ErrorKind::too_large, "mailbox name level too long");
    if (level == "." || level == "..") return Error(ErrorKind::invalid, "a level cannot be . or ..");
  }
  MailboxName name;
  name.text_ = std::move(composed);
  if (text::same(text::split(name.text_, kHierarchySeparator).front(), kInboxName)) {
    name.text_.replace(0, kInboxName.size(), kInboxName);
  }
  return name;
}

MailboxName MailboxName::inbox() {
  MailboxName name;
  name.text_ = kInboxName;
  return name;
}

std::vector<MailboxName> MailboxName::ancestors() const {
  std::vector<MailboxName> names;
  for (auto at = text_.find(kHierarchySeparator); at != std::string::npos;
       at = text_.find(kHierarchySeparator, at + 1)) {
    names.emplace_back().text_ = text_.substr(0, at);
  }
  return names;
}

bool MailboxName::is_below(const MailboxName& parent) const {
  return text_.size() > parent.text_.size() && text_.starts_with(parent.text_) &&
         text_[parent.text_.size()] == kHierarchySeparator;
}

Result<MailboxName> MailboxName::rebased(const MailboxName& from, const MailboxName& to) const {
  return parse(to.text_ + text_.substr(from.text_.size()));
}

}  // namespace postern
