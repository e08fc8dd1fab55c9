#include "protocols/submission/delivery_report.h"

#include "gateway/base/text.h"
#include "protocols/submission/smtp_reply.h"
#include "storage/mime/date_time.h"

namespace postern::submission {

namespace {

struct Wording {
  std::string_view subject;
  std::string_view sentence;
  std::string_view action;  // RFC 3464 §2.3.3
};

Wording wording_of(Report kind) {
  switch (kind) {
    case Report::failed:
      return {"Your message could not be delivered",
              "Your message could not be delivered to these recipients:", "failed"};
    case Report::delayed:
      return {"Your message is still waiting",
              "Your message could not be delivered yet to these recipients. We go on trying:", "delayed"};
    case Report::relayed:
    case Report::none: break;
  }
  return {"Your message was handed on",
          "Your message was handed to a mail server that sends no confirmations, for these recipients:",
          "relayed"};
}

std::string date_text(WallTime time) {
  return mime::format_date(mime::DateTime{std::chrono::floor<std::chrono::seconds>(time), 0});
}

// RFC 3461 §4.2: ORCPT's xtext undone.
std::string from_xtext(std::string_view xtext) {
  std::string out;
  for (std::size_t i = 0; i < xtext.size(); ++i) {
    const auto octet = xtext[i] == '+' ? text::unhex(xtext.substr(i + 1, 2)) : std::nullopt;
    out += octet ? *octet : std::string(1, xtext[i]);
    if (octet) i += 2;
  }
  return out;
}

// On one line, whatever the sender put into it.
std::string plain(std::string octets) {
  for (char& c : octets) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) c = '?';
  }
  return octets;
}

std::string status_fields(const QueuedRecipient& recipient, std::string_view action,
                          const QueuedMessage& message) {
  std::string out = "\r\n";
  if (!recipient.who.original.empty())
    out += "Original-Recipient: " + plain(from_xtext(recipient.who.original)) + "\r\n";
  const std::string_view type = text::is_ascii(recipient.who.address) ? "rfc822;" : "utf-8;";
  out += "Final-Recipient: " + std::string(type) + plain(recipient.who.address) + "\r\n";
  out += "Action: " + std::string(action) + "\r\n";
  out += "Status: " + status_of(recipient.answer) + "\r\n";
  out += "Diagnostic-Code: smtp;" + plain(recipient.answer) + "\r\n";
  if (recipient.settled_at) out += "Last-Attempt-Date: " + date_text(*recipient.settled_at) + "\r\n";
  if (action == "delayed") out += "Will-Retry-Until: " + date_text(message.expires_at) + "\r\n";
  return out;
}

}  // namespace

std::string_view header_of(std::string_view message) {
  const std::size_t end = message.find("\r\n\r\n");
  return end == std::string_view::npos ? message : message.substr(0, end + 4);
}

std::string compose_report(const ReportFacts& facts, const QueuedMessage& message) {
  const Wording wording = wording_of(facts.kind);
  const std::string number =
      std::to_string(raw(message.key.account)) + '.' + std::to_string(raw(message.key.id));
  std::string people;
  std::string fields;
  std::string first;
  for (const QueuedRecipient& recipient : message.recipients) {
    if (recipient.report != facts.kind) continue;
    if (first.empty()) first = std::to_string(recipient.number);
    people += "\r\n  " + plain(recipient.who.address) + "\r\n    " + plain(recipient.answer) + "\r\n";
    fields += status_fields(recipient, wording.action, message);
  }
  const std::string id = number + '.' + first + '.' + std::string(wording.action);
  const std::string boundary = "=_postern_report_" + id;
  const std::string part = "\r\n--" + boundary + "\r\nContent-Type: ";

  std::string out = "Date: " + date_text(facts.date) + "\r\n";
  out += "From: Mail Delivery System <mailer-daemon@" + facts.hostname + ">\r\n";
  out += "To: <" + plain(facts.to) + ">\r\n";
  out += "Subject: " + std::string(wording.subject) + "\r\n";
  out += "Message-ID: <report." + id + '@' + facts.hostname + ">\r\n";
  out += "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n";
  out +=
      "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"" + boundary + "\"\r\n";
  out += part + "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
  out += std::string(wording.sentence) + "\r\n" + people;
  out += part + "message/delivery-status\r\n\r\nReporting-MTA: dns;" + facts.hostname + "\r\n";
  if (!message.envelope.envelope_id.empty())
    out += "Original-Envelope-Id: " + plain(from_xtext(message.envelope.envelope_id)) + "\r\n";
  out += "Arrival-Date: " + date_text(message.queued_at) + "\r\n" + fields;
  out += part + (facts.original_is_whole ? "message/rfc822\r\n" : "text/rfc822-headers\r\n");
  out += "Content-Transfer-Encoding: 8bit\r\n\r\n" + facts.original;
  out += "\r\n--" + boundary + "--\r\n";
  return out;
}

}  // namespace postern::submission
