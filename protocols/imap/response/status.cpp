#include "protocols/imap/response/status.h"

#include <algorithm>

#include "protocols/imap/response/object_id.h"
#include "protocols/imap/response/writer.h"

namespace postern::imap {

namespace {

std::string join(const std::vector<Uid>& uids) {
  std::string out;
  for (std::size_t i = 0; i < uids.size();) {
    std::size_t end = i + 1;
    while (end < uids.size() && raw(uids[end]) == raw(uids[end - 1]) + 1) ++end;
    if (i > 0) out += ',';
    out += std::to_string(raw(uids[i]));
    if (end - i > 1) out += ':' + std::to_string(raw(uids[end - 1]));
    i = end;
  }
  return out;
}

std::string_view name_of(Condition condition) {
  switch (condition) {
    case Condition::ok: return "OK";
    case Condition::no: return "NO";
    case Condition::bad: return "BAD";
    case Condition::bye: return "BYE";
    case Condition::preauth: return "PREAUTH";
  }
  return "BAD";
}

}  // namespace

ResponseCode ResponseCode::capability(std::string_view capabilities) {
  return {"CAPABILITY " + std::string(capabilities)};
}
ResponseCode ResponseCode::uid_validity(UidValidity value) {
  return {"UIDVALIDITY " + std::to_string(raw(value))};
}
ResponseCode ResponseCode::uid_next(Uid value) {
  return {"UIDNEXT " + std::to_string(raw(value))};
}
ResponseCode ResponseCode::unseen(std::uint32_t number) {
  return {"UNSEEN " + std::to_string(number)};
}
ResponseCode ResponseCode::highest_modseq(ModSeq value) {
  return {"HIGHESTMODSEQ " + std::to_string(raw(value))};
}

ResponseCode ResponseCode::permanent_flags(const PermanentFlags& flags) {
  std::string out = "PERMANENTFLAGS (";
  const auto add = [&out](std::string_view name) {
    if (out.back() != '(') out += ' ';
    out += name;
  };
  if (!flags.read_only) {
    for (std::string_view name : system_flag_names(0xFF)) add(name);
    for (const std::string& keyword : flags.keywords) add(keyword);
    if (flags.can_create) add("\\*");
  }
  return {out + ')'};
}

ResponseCode ResponseCode::append_uid(UidValidity validity, const UidSet& uids) {
  return {"APPENDUID " + std::to_string(raw(validity)) + ' ' + uids.to_text()};
}

ResponseCode ResponseCode::copy_uid(const Copied& copied) {
  if (copied.from.empty()) return {};
  return {"COPYUID " + std::to_string(raw(copied.uid_validity)) + ' ' + join(copied.from) + ' ' +
          join(copied.to)};
}

ResponseCode ResponseCode::modified(std::string_view sequence_set) {
  return {"MODIFIED " + std::string(sequence_set)};
}

ResponseCode ResponseCode::mailbox_id(MailboxId mailbox) {
  return {"MAILBOXID (" + mailbox_id_text(mailbox) + ')'};
}

ResponseCode ResponseCode::message_limit(std::uint32_t messages_max, std::optional<Uid> lowest) {
  std::string out = "MESSAGELIMIT " + std::to_string(messages_max);
  if (lowest) out += ' ' + std::to_string(raw(*lowest));
  return {std::move(out)};
}

ResponseCode ResponseCode::in_progress(std::string_view tag, std::uint64_t done, std::uint64_t goal) {
  const std::string counts = goal == 0 ? "NIL NIL" : std::to_string(done) + ' ' + std::to_string(goal);
  return {"INPROGRESS (\"" + std::string(tag) + "\" " + counts + ')'};
}

// In quotes, as the RFC's example has it; what may not stand there is percent-encoded.
ResponseCode ResponseCode::bad_url(std::string_view url) {
  constexpr std::size_t kUrlOctetsMax = 1000;
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out = "BADURL \"";
  for (const char c : url.substr(0, kUrlOctetsMax)) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet > ' ' && octet < 0x7F && c != ']' && c != '"' && c != '\\') {
      out += c;
    } else {
      out.append("%") += kHex[octet / 16];
      out += kHex[octet % 16];
    }
  }
  return {out + '"'};
}

ResponseCode ResponseCode::bad_charset(std::string_view accepted) {
  return {"BADCHARSET (" + std::string(accepted) + ')'};
}

StatusResponse ok(std::string text) {
  return {Condition::ok, {}, std::move(text)};
}
StatusResponse ok(ResponseCode code, std::string text) {
  return {Condition::ok, std::move(code), std::move(text)};
}
StatusResponse no(std::string code, std::string text) {
  return {Condition::no, {std::move(code)}, std::move(text)};
}
StatusResponse bad(std::string text) {
  return {Condition::bad, {}, std::move(text)};
}
StatusResponse bad(std::string code, std::string text) {
  return {Condition::bad, {std::move(code)}, std::move(text)};
}
StatusResponse bye(std::string code, std::string text) {
  return {Condition::bye, {std::move(code)}, std::move(text)};
}

StatusResponse to_status(const Error& error) {
  switch (error.kind) {
    case ErrorKind::invalid: return bad(error.detail.empty() ? "Invalid command" : error.detail);
    case ErrorKind::not_found: return no("NONEXISTENT", "No such mailbox");
    case ErrorKind::already_exists: return no("ALREADYEXISTS", "Mailbox already exists");
    case ErrorKind::denied: return no("NOPERM", "Not permitted");
    case ErrorKind::over_quota: return no("OVERQUOTA", "Quota exceeded");
    case ErrorKind::too_large: return no("LIMIT", "Beyond a limit of this server");
    case ErrorKind::stale: return no("", "Changed meanwhile");
    case ErrorKind::timed_out: return no("UNAVAILABLE", "Took too long, try again later");
    case ErrorKind::closed: return bye("UNAVAILABLE", "Closing");
    case ErrorKind::unavailable: return no("UNAVAILABLE", "Try again later");
    case ErrorKind::internal: return no("SERVERBUG", "Internal error");
  }
  return no("SERVERBUG", "Internal error");
}

StatusResponse cannot(const Error& error) {
  return no("CANNOT", error.detail);
}

// resp-text is one line of at least one octet, whatever an error's detail holds.
void print(std::string& out, std::string_view tag, const StatusResponse& response) {
  Writer writer(out);
  writer.raw(tag.empty() ? "*" : tag).raw(" ").raw(name_of(response.condition)).raw(" ");
  if (!response.code.text.empty()) writer.raw("[").raw(response.code.text).raw("] ");
  const std::size_t begin = out.size();
  writer.raw(response.text.empty() ? "Done" : response.text);
  const auto is_no_text = [](unsigned char c) { return c < ' ' || c > '~'; };
  std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), is_no_text, ' ');
  writer.line_end();
}

}  // namespace postern::imap
