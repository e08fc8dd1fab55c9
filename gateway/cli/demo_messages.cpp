#include "gateway/cli/demo_messages.h"

#include <fmt/format.h>

#include <ctime>

#include "gateway/base/text.h"

namespace postern::cli {

namespace {

constexpr const char* kWelcome = R"(Hello {name},

this is the mailbox {address} of a Postern demo. Read it with any POP3 or
IMAP client; what you delete through one door is gone from the other.

Deliver more mail by LMTP, for example with swaks. Nothing leaves this
machine.

Regards,
the demo
)";

constexpr const char* kHtml = R"(--alternative
Content-Type: text/plain; charset=utf-8; format=flowed

Lunch on Friday?

The small place by the river has a new menu: soup, dumplings, and plum cake. 
Shall we say half past twelve?
--alternative
Content-Type: text/html; charset=utf-8

<!DOCTYPE html>
<html><body>
<h2>Lunch on Friday?</h2>
<p>The small place by the river has a <b>new menu</b>:</p>
<ul><li>soup</li><li>dumplings</li><li>plum cake</li></ul>
<p>Shall we say <i>half past twelve</i>?</p>
</body></html>
--alternative--
)";

constexpr const char* kAttachment = R"(--mixed
Content-Type: text/plain; charset=us-ascii

The figures of last week are attached.
--mixed
Content-Type: text/csv; charset=us-ascii; name="figures.csv"
Content-Disposition: attachment; filename="figures.csv"
Content-Transfer-Encoding: base64

{attachment}--mixed--
)";

constexpr const char* kUmlauts = R"(Grüße aus Köln, Łódź, Αθήνα und 東京!

Diese Nachricht ist in UTF-8 und hat einen Betreff in mehreren Schriften.
)";

constexpr const char* kList = R"(Version 2.4 is out. Changes since 2.3:

  * faster start
  * fewer surprises

_______________________________________________
announce mailing list
)";

std::string with_crlf(const std::string& lines) {
  std::string octets;
  octets.reserve(lines.size() + lines.size() / 32);
  for (char c : lines) {
    if (c == '\n') octets += '\r';
    octets += c;
  }
  return octets;
}

std::string replaced(std::string text, std::string_view place, std::string_view value) {
  const auto at = text.find(place);
  return at == std::string::npos ? text : text.replace(at, place.size(), value);
}

// RFC 5322 §3.3
std::string date_text(WallTime time) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", kDays[parts.tm_wday], parts.tm_mday,
                     kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

// base64 in lines of 76 (RFC 2045 §6.8)
std::string base64_lines(std::string_view octets) {
  const std::string all = text::base64(octets);
  std::string lines;
  for (std::size_t at = 0; at < all.size(); at += 76) lines += all.substr(at, 76) + "\n";
  return lines;
}

struct Draft {
  std::string id;       // left part of the Message-ID
  std::string from;     // local part
  std::string name;     // display name
  std::string subject;  // as it stands in the header
  std::string headers;  // further lines, each with its end
  std::string body;
  int hours_ago = 0;
};

DemoMessage message_of(const Draft& draft, const std::string& local, WallTime today) {
  const std::string sender = draft.from + "@example.test";
  std::string text = fmt::format("From: {} <{}>\nTo: {}@example.test\nSubject: {}\n", draft.name, sender,
                                 local, draft.subject);
  text += "Date: " + date_text(today - std::chrono::hours(draft.hours_ago)) + "\n";
  text += fmt::format("Message-ID: <{}.{}@example.test>\nMIME-Version: 1.0\n", draft.id, local);
  text += draft.headers + "\n" + draft.body;
  return DemoMessage{sender, with_crlf(text)};
}

std::string figures(int rows) {
  std::string csv = "day,visitors,letters\n";
  for (int row = 1; row <= rows; ++row)
    csv += fmt::format("{},{},{}\n", row, 400 + row * 37 % 211, row * 13 % 17);
  return csv;
}

}  // namespace

std::vector<DemoMessage> demo_messages(const std::string& local, WallTime today) {
  const std::string name = std::string(1, text::upper(local.front())) + local.substr(1);
  const std::string welcome =
      replaced(replaced(kWelcome, "{name}", name), "{address}", local + "@example.test");
  const std::string attachment = replaced(kAttachment, "{attachment}", base64_lines(figures(7)));
  const std::string plain = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n";
  const Draft drafts[] = {
      {"list", "announce", "Announcements", "[announce] Version 2.4",
       plain + "List-Id: <announce.example.test>\nList-Unsubscribe: <mailto:leave@example.test>\n", kList,
       70},
      {"lunch", "dora", "Dora", "Lunch on Friday?",
       "Content-Type: multipart/alternative; boundary=alternative\nContent-Transfer-Encoding: 8bit\n", kHtml,
       49},
      {"figures", "erik", "Erik", "Figures of last week", "Content-Type: multipart/mixed; boundary=mixed\n",
       attachment, 26},
      {"greetings", "frieda", "=?utf-8?Q?Frieda_M=C3=BCller?=",
       "=?utf-8?B?R3LDvMOfZSDwn4yNIM6azrHOu863zrzOrc+BzrEg5LuK5pel44Gv?=", plain, kUmlauts, 5},
      {"reply", "dora", "Dora", "Re: Lunch on Friday?",
       plain + fmt::format("In-Reply-To: <lunch.{}@example.test>\nReferences: <lunch.{}@example.test>\n",
                           local, local),
       "Half past twelve it is. I have booked a table.\n\nDora\n", 2},
      {"welcome", "demo", "Postern demo", "Welcome, " + name, plain, welcome, 0},
  };
  std::vector<DemoMessage> messages;
  for (const Draft& draft : drafts) messages.push_back(message_of(draft, local, today));
  return messages;
}

std::vector<DemoMessage> demo_bulk(const std::string& local, WallTime today, int count) {
  constexpr int kRows = 2000;
  std::vector<DemoMessage> messages;
  const std::string body = replaced(kAttachment, "{attachment}", base64_lines(figures(kRows)));
  for (int number = 1; number <= count; ++number) {
    const std::string text = std::to_string(number);
    const Draft draft{"report" + text,
                      "erik",
                      "Erik",
                      "Report " + text,
                      "Content-Type: multipart/mixed; boundary=mixed\n",
                      body,
                      100 + number * 24};
    messages.push_back(message_of(draft, local, today));
  }
  return messages;
}

}  // namespace postern::cli
