// FETCH responses (RFC 3501 §7.4.2, RFC 7162, 8474, 8514, 9586): data items of one message. Octets of
// sections are streamed by the command behind the announcement that is printed here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "protocols/imap/command.h"
#include "protocols/imap/response/body_structure.h"
#include "storage/mime/part.h"

namespace postern::imap {

// "(\Seen $Forwarded)": made once per distinct flags, not once per message.
std::string flags_text(const Flags& flags, bool recent);

// The message that a response is about: "* 3 FETCH", or "* 71 UIDFETCH" (RFC 9586 §3.3).
struct FetchSubject {
  FetchSubject(std::uint32_t message_number) : number(message_number) {}
  static FetchSubject by_uid(Uid uid) {
    FetchSubject subject(raw(uid));
    subject.is_uid = true;
    return subject;
  }
  std::uint32_t number;
  bool is_uid = false;
};

class FetchResponse {
 public:
  // Prints "* n FETCH (". Borrows `out`, which may be flushed between calls.
  FetchResponse(std::string& out, FetchSubject subject);

  void flags(std::string_view text);  // of flags_text
  void internal_date(WallTime time, std::int16_t zone_minutes);
  void rfc822_size(std::uint64_t octets);
  void envelope(const mime::Envelope& envelope);
  void body(const mime::Part& root, GlobalMessages global);
  void body_structure(const mime::Part& root, GlobalMessages global);
  void uid(Uid uid);
  void modseq(ModSeq modseq);
  void email_id(BlobId blob);
  void thread_id();  // NIL: messages belong to no threads here
  void save_date(WallTime time);
  void preview(std::string_view text);
  // `name` is section_name() of the item. Exactly so many octets must follow in `out` or on the connection.
  void section(std::string_view name, std::uint64_t octets);
  // The same for octets without their transfer encoding: with NUL among them they are a literal8.
  void binary(std::string_view name, std::uint64_t octets, bool has_nul);
  void binary_size(std::string_view name, std::uint64_t octets);
  // The section does not exist.
  void section_nil(std::string_view name);
  void finish();  // ")\r\n"

 private:
  std::string& item(std::string_view name);

  std::string& out_;
  bool first_ = true;
};

// "BODY[1.2.HEADER.FIELDS (From)]<0>" or "RFC822.TEXT": as the client asked for it, but without PEEK and
// without the count.
std::string section_name(const FetchItem& item);

// "17-Jul-1996 02:44:25 -0700", the day padded with a space, without quotes.
std::string date_time_text(WallTime time, std::int16_t zone_minutes);

// The unsolicited answer to a change of flags: "* n FETCH (UID u FLAGS (…) MODSEQ (m))".
struct FlagsNews {
  std::string_view flags;        // of flags_text
  std::optional<Uid> uid;        // in answers to UID commands
  std::optional<ModSeq> modseq;  // once CONDSTORE is enabled
};
void print_flags_change(std::string& out, FetchSubject subject, const FlagsNews& news);

}  // namespace postern::imap
