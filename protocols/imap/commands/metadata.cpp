// GETMETADATA and SETMETADATA (RFC 5464). Of the server a client sees and sets what is private to its
// account; what is shared by all is the administrator's.
#include <algorithm>

#include "protocols/imap/commands/run.h"
#include "protocols/imap/response/mailboxes.h"

namespace postern::imap {

namespace {

constexpr std::size_t kResponseOctets = 16 * 1024;               // beyond this another response begins
constexpr std::string_view kSpecialUse = "/private/specialuse";  // RFC 6154 §4
constexpr std::string_view kAdmin = "/shared/admin";

// What is known without being set: the role of a mailbox, whom to ask about the server.
Task<Result<std::optional<Annotation>>> computed(Session& session, AccountId account,
                                                 const std::optional<Mailbox>& mailbox,
                                                 const std::vector<std::string>& entries) {
  const std::string_view entry = mailbox ? kSpecialUse : kAdmin;
  std::optional<Annotation> annotation;
  if (std::find(entries.begin(), entries.end(), entry) == entries.end()) co_return annotation;
  std::string value;
  if (mailbox) {
    value = attribute_of(mailbox->special_use);
  } else {
    CO_TRY(const std::vector<std::string> addresses,
           co_await session.services.store.directory().addresses(account));
    const std::string& address = addresses.front();
    value = "mailto:postmaster" + address.substr(address.rfind('@'));
  }
  if (value.empty()) co_return annotation;
  annotation.emplace();
  annotation->entry = entry;
  annotation->value = std::move(value);
  co_return annotation;
}

bool has(const std::vector<AnnotationFound>& found, const std::string& entry) {
  return std::any_of(found.begin(), found.end(),
                     [&entry](const AnnotationFound& one) { return one.entry == entry; });
}

// Entries that were named and are not there are NIL; with a depth they were only a place to look below, and
// are told if there is nothing at all.
std::vector<std::string> missing(const GetMetadata& command, const std::vector<AnnotationFound>& found) {
  std::vector<std::string> entries;
  if (command.wanted.depth != AnnotationsWanted::Depth::entry && !found.empty()) return entries;
  for (const std::string& entry : command.wanted.entries) {
    if (!has(found, entry)) entries.push_back(entry);
  }
  return entries;
}

}  // namespace

Task<Answer> run(Authenticated& user, const GetMetadata& command) {
  Session& session = user.session;
  std::optional<Mailbox> mailbox;
  if (command.mailbox) {
    CO_TRY(const MailboxName name, command.mailbox->existing());
    CO_TRY(mailbox, co_await session.mailboxes().find(user.account, name));
  }
  const std::vector<MailboxId> places(1, mailbox ? mailbox->key.mailbox : kAccountItself);
  CO_TRY(std::vector<AnnotationFound> found,
         co_await session.services.store.annotations().find(user.account, places, command.wanted));
  CO_TRY(const std::optional<Annotation> known,
         co_await computed(session, user.account, mailbox, command.wanted.entries));
  if (known) {
    std::erase_if(found, [&known](const AnnotationFound& one) { return one.entry == known->entry; });
    found.push_back({places.front(), known->entry, known->value, known->value->size()});
  }

  std::optional<MailboxName> name;
  if (mailbox) name = mailbox->name;
  MetadataResponse response(session.io.output(), name, user.names());
  std::uint64_t longest = 0;
  for (const AnnotationFound& one : found) {
    if (one.octets > command.wanted.octets_max) {
      longest = std::max(longest, one.octets);
      continue;
    }
    response.add(one.entry, one.value);
    if (session.io.output().size() < kResponseOctets) continue;
    response.finish();
    CO_TRY_VOID(co_await session.flush_if_full());
  }
  for (const std::string& entry : missing(command, found)) response.add(entry, std::nullopt);
  response.finish();
  if (longest == 0) co_return ok("That is all");
  ResponseCode code{"METADATA LONGENTRIES " + std::to_string(longest)};
  co_return ok(std::move(code), "Some are longer");
}

Task<Answer> run(Authenticated& user, const SetMetadata& command) {
  Session& session = user.session;
  MailboxId place = kAccountItself;
  if (command.mailbox) {
    CO_TRY(const MailboxName name, command.mailbox->existing());
    CO_TRY(const Mailbox mailbox, co_await session.mailboxes().find(user.account, name));
    place = mailbox.key.mailbox;
  }
  for (const Annotation& one : command.values) {
    if (place == kAccountItself && !one.entry.starts_with("/private/")) {
      co_return no("NOPERM", "What is shared is the administrator's");
    }
    if (place != kAccountItself && one.entry == kSpecialUse)
      co_return no("USEATTR", "A role is given by CREATE");
    if (one.value && one.value->size() > kAnnotationOctetsMax) {
      co_return no("METADATA MAXSIZE " + std::to_string(kAnnotationOctetsMax), "Too long");
    }
  }
  auto done = co_await session.services.store.annotations().set(user.account, place, command.values);
  if (!done && done.error().kind == ErrorKind::over_quota) co_return no("METADATA TOOMANY", "Too many");
  CO_TRY_VOID(std::move(done));
  co_return ok("Noted");
}

}  // namespace postern::imap
