#include "protocols/shared/absence_reply.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mime/address.h"
#include "storage/mime/crlf_lines.h"
#include "storage/mime/decode.h"
#include "storage/mime/header.h"
#include "storage/mime/header_writer.h"
#include "storage/mime/transfer_encoder.h"

namespace postern {

namespace {

constexpr std::size_t kAddressesMax = 1000;  // of one field
constexpr std::size_t kSubjectOctetsMax = 200;
constexpr std::size_t kReferencesMax = 20;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [word](std::string_view other) { return text::same(word, other); });
}

// RFC 3834 §2: senders that are no persons, by the names that are used for them.
bool is_nobody(std::string_view reverse_path) {
  const std::string local = text::to_lower(reverse_path.substr(0, reverse_path.rfind('@')));
  if (is_one_of(local, {"", "mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply",
                        "do-not-reply", "listserv", "majordomo", "bounce", "bounces"})) {
    return true;
  }
  for (const std::string_view front : {"owner-", "bounce-", "bounces-", "bounce+", "bounces+"}) {
    if (local.starts_with(front)) return true;
  }
  for (const std::string_view back : {"-request", "-owner", "-bounces", "-noreply", "-no-reply"}) {
    if (local.ends_with(back)) return true;
  }
  return false;
}

// What the value says before its parameters and comments: "auto-replied (vacation)", "no; x=y".
std::string_view first_word(std::string_view value) {
  return text::trim(value.substr(0, value.find_first_of(";( \t")));
}

// [MS-OXCMAIL] section 2.1.3.2.20
bool is_suppressed(std::string_view value) {
  const auto words = text::split(value, ',');
  return std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return is_one_of(text::trim(word), {"All", "OOF", "AutoReply"});
  });
}

bool is_of_a_robot(const mime::Field& field) {
  const std::string value = mime::unfold(field.body);
  if (text::same(field.name, "Auto-Submitted")) return !text::same(first_word(value), "no");
  if (text::same(field.name, "Precedence")) return is_one_of(first_word(value), {"bulk", "list", "junk"});
  if (text::same(field.name, "X-Auto-Response-Suppress")) return is_suppressed(value);
  if (text::same(field.name, "Content-Type")) return text::same(first_word(value), "multipart/report");
  return text::starts_with_same(field.name, "List-") ||  // RFC 2369, 2919
         is_one_of(field.name, {"Mailing-List", "X-Loop"});
}

bool names_one_of(const mime::Field& field, const std::vector<std::string>& own) {
  if (!is_one_of(field.name, {"To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc"})) return false;
  for (const mime::EnvelopeAddress& entry : mime::parse_addresses(mime::unfold(field.body), kAddressesMax)) {
    if (!entry.mailbox || !entry.host) continue;
    const std::string address = *entry.mailbox + '@' + *entry.host;
    if (std::any_of(own.begin(), own.end(),
                    [&address](const std::string& one) { return text::same(one, address); })) {
      return true;
    }
  }
  return false;
}

std::vector<std::string> ids_in(const mime::HeaderView& header, std::string_view name) {
  const auto field = header.find(name);
  return field ? mime::message_ids(mime::unfold(field->body)) : std::vector<std::string>();
}

// RFC 3834 §3.1.5: "Auto: " and what was asked.
std::string subject_for(const mime::HeaderView& header) {
  const auto field = header.find("Subject");
  std::string subject = "Auto: ";
  if (field) subject += mime::decode_text(mime::unfold(field->body), kSubjectOctetsMax);
  return subject;
}

std::string with_crlf(std::string_view octets) {
  mime::CrlfLines lines;
  std::string out;
  lines.feed(octets, out);
  lines.finish(out);
  return out;
}

}  // namespace

bool asks_for_answer(std::string_view header, std::string_view reverse_path,
                     const std::vector<std::string>& own) {
  const bool is_oneself = std::any_of(own.begin(), own.end(), [reverse_path](const std::string& address) {
    return text::same(address, reverse_path);
  });
  if (is_oneself || is_nobody(reverse_path)) return false;
  bool named = false;
  for (const mime::Field& field : mime::HeaderView(header)) {
    if (is_of_a_robot(field)) return false;
    named = named || names_one_of(field, own);
  }
  return named;
}

std::string compose(const AbsenceAnswer& answer, std::string_view header) {
  const mime::HeaderView asked(header);
  const auto address = [](const std::string& name, const std::string& text) {
    mime::EnvelopeAddress entry;
    const std::size_t at = text.rfind('@');
    if (!name.empty()) entry.name = name;
    entry.mailbox = text.substr(0, at);
    entry.host = at == std::string::npos ? std::string() : text.substr(at + 1);
    return std::vector<mime::EnvelopeAddress>(1, entry);
  };
  std::string message = mime::address_field("From", address(answer.display_name, answer.from));
  message += mime::address_field("To", address(std::string(), answer.to));
  message += mime::text_field("Subject", subject_for(asked));
  if (std::vector<std::string> ids = ids_in(asked, "Message-ID"); !ids.empty()) {
    ids.resize(1);
    message += mime::id_field("In-Reply-To", ids);
    std::vector<std::string> references = ids_in(asked, "References");
    if (references.size() > kReferencesMax) {
      references.erase(references.begin() + 1, references.end() - kReferencesMax + 1);
    }
    references.push_back(ids.front());
    message += mime::id_field("References", references);
  }
  message += "Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n";
  message +=
      std::string("Content-Type: text/") + (answer.reply.html ? "html" : "plain") + "; charset=utf-8\r\n";
  message += "Content-Transfer-Encoding: quoted-printable\r\n\r\n";
  return message + mime::quoted_printable(with_crlf(answer.reply.text));
}

}  // namespace postern
