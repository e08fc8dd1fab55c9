// One phone: who it is, the server it talks to, and its copy of the mailbox. What it can do are functions,
// each in the file of its name.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/phone/expect.h"
#include "tests/phone/local_mailbox.h"
#include "tests/phone/server.h"

namespace postern::phone {

struct Phone {
  Phone(const Profile& its_profile, ServerOptions options);

  const Profile& profile;
  const Identity identity;
  const ProtocolVersion version;
  Server server;
  LocalMailbox mailbox;
  std::set<std::string> announced;        // by OPTIONS: names of commands
  std::optional<bench::Target> incoming;  // LMTP: where mail for it comes in
  std::uint32_t patience_s = 60;          // for mail that must come

  // As a phone does it: takes over a policy when the server wants that, and asks again.
  Answer ask(Command command, const std::optional<Node>& request, const Parameters& parameters = {});
  std::string new_client_id();
};

// discovery.cpp
void discover(Phone& phone);
void ask_options(Phone& phone);
// provision.cpp
void provision(Phone& phone);
// folders.cpp
void sync_folders(Phone& phone);
void change_folders(Phone& phone);  // makes one, renames it, removes it
// ping.cpp: until there is something new, which is then synchronised; `meanwhile` runs while the server
// waits.
void wait_for_news(Phone& phone, const std::function<void()>& meanwhile);
// What a subject names comes to a folder by itself: the phone waits, and its Sync brings it.
void wait_for_mail(Phone& phone, std::uint32_t folder_type, const std::string& subject);
// incoming.cpp: a letter with long text and an attachment, by LMTP.
void deliver(const Phone& phone, const std::string& subject);
constexpr const char* kAttachmentName = "numbers.bin";
std::string attachment_octets();
std::string word_of(const std::string& subject);  // one that stands in this letter's text and in no other
// device_settings.cpp
void use_settings(Phone& phone);
// marks.cpp
void mark_read(Phone& phone, const std::string& subject, bool read);
void mark_flagged(Phone& phone, const std::string& subject, bool flagged);
void delete_item(Phone& phone, const std::string& subject);      // to the deleted items
void delete_for_good(Phone& phone, const std::string& subject);  // from there
// moving.cpp
void move_item(Phone& phone, const std::string& subject, const std::string& folder_name);
void estimate(Phone& phone);
// fetching.cpp
void fetch_body(Phone& phone, const std::string& subject);
void fetch_attachment(Phone& phone, const std::string& subject);
// sending.cpp: to an address; `times` is how often the same is asked, as after lost answers.
void send_mail(Phone& phone, const std::string& recipient, const std::string& subject, unsigned times = 1);
void reply(Phone& phone, const std::string& subject);
void forward(Phone& phone, const std::string& subject, const std::string& recipient);
// searching.cpp
void search_mailbox(Phone& phone, const std::string& subject);
void search_people(Phone& phone);
// life.cpp: all of it, in the order of a new phone's first day.
void live(Phone& phone);

}  // namespace postern::phone
