// The first day of a new phone, in its order.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "tests/phone/sync.h"

namespace postern::phone {

namespace {

void note(const char* step) {
  fmt::print("{}\n", step);
  std::fflush(stdout);
}

void read_mail(Phone& phone, const std::string& subject) {
  note("push");
  wait_for_news(phone, [&] { deliver(phone, subject); });
  item_with_subject(phone.mailbox.of_type(kInbox), subject);
  note("read and flag");
  mark_read(phone, subject, true);
  mark_flagged(phone, subject, true);
  expect(!sync_all(phone).any(), "what the phone has said itself is told back to it");
  note("fetch");
  fetch_body(phone, subject);
  fetch_attachment(phone, subject);
  note("estimate");
  estimate(phone);
}

void find_mail(Phone& phone, const std::string& subject) {
  note("search");
  search_mailbox(phone, subject);
  search_people(phone);
}

void write_mail(Phone& phone, const std::string& subject) {
  const std::string& self = phone.identity.address;
  note("send");
  const std::string sent = subject + " sent";
  send_mail(phone, self, sent, 2);
  wait_for_mail(phone, kInbox, sent);
  item_with_subject(phone.mailbox.of_type(kSent), sent);
  note("reply");
  reply(phone, subject);
  wait_for_mail(phone, kInbox, "Re: " + subject);
  fetch_body(phone, "Re: " + subject);
  const LocalFolder& inbox = phone.mailbox.of_type(kInbox);
  const LocalItem& answer = inbox.items.at(item_with_subject(inbox, "Re: " + subject));
  expect(answer.body.find(word_of(subject)) != std::string::npos, "a reply without what it replies to");
  note("forward");
  forward(phone, subject, self);
  wait_for_mail(phone, kInbox, "Fwd: " + subject);
  fetch_attachment(phone, "Fwd: " + subject);
}

void tidy_up(Phone& phone, const std::string& subject) {
  note("move");
  move_item(phone, subject, "Archive");
  note("delete");
  const std::string unwanted = subject + " unwanted";
  deliver(phone, unwanted);
  sync_all(phone);
  delete_item(phone, unwanted);
  sync_all(phone);
  item_with_subject(phone.mailbox.of_type(kDeleted), unwanted);
  expect(count_with_subject(phone.mailbox.of_type(kInbox), unwanted) == 0,
         "a deleted item is still in the inbox");
  // The second deletion is for good.
  delete_for_good(phone, unwanted);
  note("folders");
  change_folders(phone);
}

}  // namespace

void live(Phone& phone) {
  note("discover");
  discover(phone);
  ask_options(phone);
  note("folders");
  sync_folders(phone);
  note("settings");
  use_settings(phone);
  note("initial sync");
  sync_all(phone);
  // No other day's, and no other phone's.
  const auto ticks = std::chrono::system_clock::now().time_since_epoch().count();
  const std::string subject = fmt::format("Day of {} {}", phone.identity.device_id, ticks);
  read_mail(phone, subject);
  find_mail(phone, subject);
  write_mail(phone, subject);
  tidy_up(phone, subject);
  expect(!sync_all(phone).any(), "a quiet mailbox has news");
}

}  // namespace postern::phone
