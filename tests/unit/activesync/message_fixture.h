// A message in octets, its structure and its layout, for the tests of rendering.
#pragma once

#include <string>
#include <string_view>

#include "protocols/activesync/message_layout.h"
#include "storage/mime/scanner.h"

namespace postern::activesync {

// Line ends are written as "\n" and become CRLF.
struct Message {
  explicit Message(std::string_view text) : octets(with_crlf(text)), structure(mime::scan(octets)) {
    layout = layout_of(structure.root);
  }
  Message(const Message&) = delete;

  static std::string with_crlf(std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (c == '\n') out += '\r';
      out += c;
    }
    return out;
  }
  std::string_view octets_of(mime::OctetRange range) const {
    return std::string_view(octets).substr(range.begin, range.size());
  }

  std::string octets;
  mime::Structure structure;
  MessageLayout layout;
};

constexpr std::string_view kPlain = "Subject: p\n\nHello & <you>,\nna\xC3\xAFve\n";

constexpr std::string_view kAlternative =
    "Content-Type: multipart/alternative; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\nplain text\n"
    "--b\nContent-Type: text/html\n\n<p>html <b>text</b></p>\n"
    "--b\nContent-Type: text/calendar; method=REQUEST; name=invite.ics\n\nBEGIN:VCALENDAR\n--b--\n";

constexpr std::string_view kRelated =
    "Content-Type: multipart/mixed; boundary=m\n\n"
    "--m\nContent-Type: multipart/related; boundary=r\n\n"
    "--r\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
    "<img src=3D\"cid:i1\">gr=FC=DFe\n"
    "--r\nContent-Type: image/png; name=\"i.png\"\nContent-ID: <i1>\nContent-Transfer-Encoding: base64\n\n"
    "AAECAwQF\n--r--\n"
    "--m\nContent-Type: message/rfc822\n\nSubject: inner\n\ninner text\n"
    "--m\nContent-Type: text/plain\n\na footer\n"
    "--m\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n\nPDF\n--m--\n";

}  // namespace postern::activesync
