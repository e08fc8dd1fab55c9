// Status responses (RFC 3501 §7.1) and their codes (RFC 5530, 4315, 7162 …); the one place where an ErrorKind
// becomes what an IMAP client reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "storage/model/flags.h"
#include "storage/model/message.h"

namespace postern::imap {

struct PermanentFlags {
  std::vector<std::string> keywords;
  bool read_only = false;   // none at all
  bool can_create = false;  // "\\*"
};

// resp-text-code without its brackets; empty: none.
struct ResponseCode {
  std::string text;

  static ResponseCode capability(std::string_view capabilities);  // "IMAP4rev1 IDLE …"
  static ResponseCode uid_validity(UidValidity value);
  static ResponseCode uid_next(Uid value);
  static ResponseCode unseen(std::uint32_t number);
  static ResponseCode highest_modseq(ModSeq value);
  static ResponseCode permanent_flags(const PermanentFlags& flags);
  static ResponseCode append_uid(UidValidity validity, const UidSet& uids);
  // The n-th of `from` became the n-th of `to`. Of no messages there is none.
  static ResponseCode copy_uid(const Copied& copied);
  static ResponseCode modified(std::string_view sequence_set);
  static ResponseCode mailbox_id(MailboxId mailbox);
  // The command stopped at its limit; nothing below `lowest` was looked at (RFC 9738 §3.1).
  static ResponseCode message_limit(std::uint32_t messages_max, std::optional<Uid> lowest);
  // RFC 9585; a goal of zero is not known, nor then is how far it is.
  static ResponseCode in_progress(std::string_view tag, std::uint64_t done, std::uint64_t goal);
  static ResponseCode bad_url(std::string_view url);           // RFC 4469 §4.1
  static ResponseCode bad_charset(std::string_view accepted);  // "UTF-8 US-ASCII"
  friend bool operator==(const ResponseCode&, const ResponseCode&) = default;
};

enum class Condition : std::uint8_t { ok, no, bad, bye, preauth };

struct StatusResponse {
  Condition condition = Condition::ok;
  ResponseCode code;
  std::string text;
  friend bool operator==(const StatusResponse&, const StatusResponse&) = default;
};

StatusResponse ok(std::string text);
StatusResponse ok(ResponseCode code, std::string text);
StatusResponse no(std::string code, std::string text);
StatusResponse bad(std::string text);
StatusResponse bad(std::string code, std::string text);
StatusResponse bye(std::string code, std::string text);

// What a client is told of an error. Error::detail stays in the log, but for `invalid`, whose detail the
// grammar wrote itself ("expected … at octet 7").
StatusResponse to_status(const Error& error);

// A name that cannot be made: NO [CANNOT] with the reason, which MailboxName or the grammar wrote.
StatusResponse cannot(const Error& error);

// An empty tag means untagged.
void print(std::string& out, std::string_view tag, const StatusResponse& response);

}  // namespace postern::imap
