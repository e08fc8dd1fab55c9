// rooms: submission
// What a submission client, a smarthost and Postfix may say, and the header of a message: never a crash, and
// what comes out keeps its promises.
#include <cstdlib>

#include "gateway/base/text.h"
#include "protocols/submission/auth_protocol.h"
#include "protocols/submission/command.h"
#include "protocols/submission/smtp_reply.h"
#include "storage/mime/crlf_lines.h"
#include "storage/mime/outgoing_header.h"

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

void one_line(std::string_view line) {
  using namespace postern::submission;
  const auto command = parse_command(line);
  if (const auto* good = std::get_if<Command>(&command)) {
    if (const auto* rcpt = std::get_if<Rcpt>(good)) {
      // A path that was read is read again as the same.
      const std::string address = rcpt->to.address();
      const auto again = postern::parse_path(postern::path_text(address));
      expect(!again || again->path.address() == address);
    }
  }
  const auto reply = parse_reply_line(line);
  if (reply) {
    SmtpReply whole;
    whole.code = reply->code;
    whole.lines.push_back(reply->text);
    whole.lines.push_back(reply->text);
    const std::string text = whole.text();
    expect(postern::text::is_utf8(text) && text.size() <= kReplyTextOctetsMax);
    static_cast<void>(status_of(text));
    static_cast<void>(capabilities_from(whole));
  }
  static_cast<void>(parse_auth_line(line));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  for (const std::string_view line : postern::text::split(octets.substr(0, 4096), '\n')) one_line(line);

  postern::mime::CrlfLines lines;
  std::string repaired;
  lines.feed(octets.substr(0, size / 2), repaired);
  lines.feed(octets.substr(size / 2), repaired);
  lines.finish(repaired);
  postern::mime::CrlfLines again;
  std::string same;
  again.feed(repaired, same);
  again.finish(same);
  expect(same == repaired && !again.has_bare_ends());

  const auto header = postern::mime::read_outgoing_header(repaired);
  if (header) {
    const auto cleaned = postern::mime::read_outgoing_header(header->kept);
    expect(cleaned && cleaned->kept == header->kept && cleaned->originators == header->originators);
  }
  return 0;
}
