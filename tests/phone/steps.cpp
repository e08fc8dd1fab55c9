#include "tests/phone/steps.h"

#include <fmt/format.h>

#include "tests/phone/sync.h"

namespace postern::phone {

namespace {

// "bob@example.test hello there" or "subject/folder": what stands before the mark, and what behind it.
std::pair<std::string, std::string> split_at(const std::string& argument, char mark) {
  const std::size_t at = argument.find(mark);
  expect(at != std::string::npos, "an argument without its second half: " + argument);
  return {argument.substr(0, at), argument.substr(at + 1)};
}

void print_state(Phone& phone, const std::string&) {
  fmt::print("{}\n", to_json(phone.mailbox).dump());
}

// Says so before it waits: whoever started it can make something happen then.
void wait(Phone& phone, const std::string&) {
  wait_for_news(phone, [] {
    fmt::print("waiting\n");
    std::fflush(stdout);
  });
}

void send_several(Phone& phone, const std::string& argument, unsigned times) {
  const auto [recipient, subject] = split_at(argument, ' ');
  send_mail(phone, recipient, subject, times);
}

}  // namespace

const std::vector<Step>& steps() {
  static const std::vector<Step> all = {
      {"discover", "", "Autodiscover as the profile asks for it",
       [](Phone& phone, const std::string&) { discover(phone); }},
      {"options", "", "versions and commands", [](Phone& phone, const std::string&) { ask_options(phone); }},
      {"provision", "", "take over the policy", [](Phone& phone, const std::string&) { provision(phone); }},
      {"folders", "", "FolderSync", [](Phone& phone, const std::string&) { sync_folders(phone); }},
      {"change-folders", "", "make, rename and delete one",
       [](Phone& phone, const std::string&) { change_folders(phone); }},
      {"settings", "", "DeviceInformation, UserInformation, Oof",
       [](Phone& phone, const std::string&) { use_settings(phone); }},
      {"sync", "", "all folders, until nothing is left",
       [](Phone& phone, const std::string&) { sync_all(phone); }},
      {"begin-anew", "", "the server no longer knows the inbox's key",
       [](Phone& phone, const std::string&) { begin_anew(phone); }},
      {"wait", "", "for news of any folder, which are then synchronised", wait},
      {"push", "subject", "wait, have mail delivered meanwhile, and get it",
       [](Phone& phone, const std::string& subject) {
         wait_for_news(phone, [&] { deliver(phone, subject); });
         item_with_subject(phone.mailbox.of_type(kInbox), subject);
       }},
      {"read", "subject", "",
       [](Phone& phone, const std::string& subject) { mark_read(phone, subject, true); }},
      {"unread", "subject", "",
       [](Phone& phone, const std::string& subject) { mark_read(phone, subject, false); }},
      {"flag", "subject", "",
       [](Phone& phone, const std::string& subject) { mark_flagged(phone, subject, true); }},
      {"unflag", "subject", "",
       [](Phone& phone, const std::string& subject) { mark_flagged(phone, subject, false); }},
      {"delete", "subject", "to the deleted items", delete_item},
      {"delete-for-good", "subject", "from the deleted items", delete_for_good},
      {"move", "subject/folder", "out of the inbox",
       [](Phone& phone, const std::string& argument) {
         const auto [subject, folder] = split_at(argument, '/');
         move_item(phone, subject, folder);
       }},
      {"fetch", "subject", "the whole body and the attachment",
       [](Phone& phone, const std::string& subject) {
         fetch_body(phone, subject);
         fetch_attachment(phone, subject);
       }},
      {"estimate", "", "GetItemEstimate against what Sync brings",
       [](Phone& phone, const std::string&) { estimate(phone); }},
      {"send", "address subject", "",
       [](Phone& phone, const std::string& argument) { send_several(phone, argument, 1); }},
      {"send-again", "address subject", "three times the same, with one ClientId",
       [](Phone& phone, const std::string& argument) { send_several(phone, argument, 3); }},
      {"reply", "subject", "to itself", reply},
      {"forward", "address subject", "",
       [](Phone& phone, const std::string& argument) {
         const auto [recipient, subject] = split_at(argument, ' ');
         forward(phone, subject, recipient);
       }},
      {"expect-mail", "subject", "wait until it is in the inbox",
       [](Phone& phone, const std::string& subject) { wait_for_mail(phone, kInbox, subject); }},
      {"search", "subject", "in the mailbox", search_mailbox},
      {"people", "", "search in the directory",
       [](Phone& phone, const std::string&) { search_people(phone); }},
      {"state", "", "print the local mailbox as JSON", print_state},
      {"life", "", "all of it, in the order of a phone's first day",
       [](Phone& phone, const std::string&) { live(phone); }},
  };
  return all;
}

void run_step(Phone& phone, const std::string& word) {
  if (word.starts_with("?")) {
    try {
      return run_step(phone, word.substr(1));
    } catch (const NotThere&) {
      return;
    }
  }
  const std::size_t equals = std::min(word.find('='), word.size());
  const std::string name = word.substr(0, equals);
  for (const Step& step : steps()) {
    if (step.name != name) continue;
    const bool has_argument = equals < word.size();
    expect(has_argument == !step.argument.empty(),
           fmt::format("{} takes {}", name, step.argument.empty() ? "nothing" : step.argument));
    return step.run(phone, has_argument ? word.substr(equals + 1) : std::string());
  }
  throw Broken("no step " + name);
}

}  // namespace postern::phone
