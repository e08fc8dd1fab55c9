#include "storage/postgres/quota_notice.h"

#include "storage/mime/compose.h"
#include "storage/mime/date_time.h"
#include "storage/mime/header_writer.h"

namespace postern::postgres {

namespace {

mime::EnvelopeAddress address_of(std::string_view text, std::optional<std::string> name = std::nullopt) {
  const auto at = text.rfind('@');
  mime::EnvelopeAddress address;
  address.name = std::move(name);
  address.mailbox = std::string(text.substr(0, at));
  address.host = std::string(at == std::string_view::npos ? std::string_view() : text.substr(at + 1));
  return address;
}

}  // namespace

std::string compose(const QuotaLetter& letter) {
  const std::string& to = letter.facts.address;
  const std::string domain = to.substr(to.rfind('@') + 1);
  mime::DateTime date;
  date.utc = std::chrono::floor<std::chrono::seconds>(letter.at);
  mime::Composition composition;
  std::string& header = composition.header;
  header += "Date: " + mime::format_date(date) + "\r\n";
  header += mime::address_field("From", {address_of("postmaster@" + domain, "Mail system")});
  header += mime::address_field("To", {address_of(to)});
  if (!letter.copy_to.empty()) header += mime::address_field("Cc", {address_of(letter.copy_to)});
  header += mime::text_field("Subject", fill_in(letter.notice.subject, letter.facts));
  header += "Message-ID: <" + letter.token + "@" + domain + ">\r\n";
  header += "Auto-Submitted: auto-generated\r\n";  // RFC 3834: nobody's absence answers it
  composition.plain = mime::text_entity("plain", fill_in(letter.notice.text, letter.facts));
  std::string octets;
  for (const mime::Piece& piece : mime::compose(std::move(composition), letter.token)) {
    octets += piece.text;
    octets += piece.view;
  }
  return octets;
}

}  // namespace postern::postgres
