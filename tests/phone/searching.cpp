// Search (MS-ASCMD section 2.2.1.16) and, for phones of 16.1 that have it, Find (section 2.2.1.2).
#include <fmt/format.h>

#include "gateway/base/text.h"
#include "tests/phone/item_operations.h"
#include "tests/phone/sync.h"

namespace postern::phone {

namespace {

constexpr const char* kEverywhere = "0";

bool uses_find(const Phone& phone) {
  return phone.version >= ProtocolVersion::v16_1 && phone.profile.name == "ios";
}

// What iOS makes of a word: the name in every address and in the subject, or the word anywhere.
std::string kql_of(const std::string& word) {
  return fmt::format(R"(to:"{0}" OR cc:"{0}" OR from:"{0}" OR subject:"{0}" OR "{0}")", word);
}

Element store_in(const Answer& answer) {
  const Element root = answer.root();
  expect_status(root, "Search:Status"_tag, 1, "Search");
  const Element store = child_of(child_of(root, "Search:Response"_tag), "Search:Store"_tag);
  expect_status(store, "Search:Status"_tag, 1, "Search's Store");
  return store;
}

// The LongId of the only message that was found.
std::string search_word(Phone& phone, const std::string& word) {
  const std::string folder = phone.profile.name == "outlook" ? kEverywhere : phone.mailbox.of_type(kInbox).id;
  std::vector<Node> options = {text("Search:Range"_tag, "0-99"), empty("Search:RebuildResults"_tag),
                               empty("Search:DeepTraversal"_tag)};
  for (Node& wish : body_wishes(phone)) options.push_back(std::move(wish));
  const Answer answer = phone.ask(
      Command::search,
      element("Search:Search"_tag,
              {element("Search:Store"_tag,
                       {text("Search:Name"_tag, "Mailbox"),
                        element("Search:Query"_tag,
                                {element("Search:And"_tag, {text("AirSync:Class"_tag, "Email"),
                                                            text("AirSync:CollectionId"_tag, folder),
                                                            text("Search:FreeText"_tag, word)})}),
                        element("Search:Options"_tag, std::move(options))})}));
  const Element store = store_in(answer);
  expect(number_in(store, "Search:Total"_tag) == 1, "Search does not find the one message with " + word);
  const Element result = child_of(store, "Search:Result"_tag);
  LocalItem item;
  take_properties(phone, child_of(result, "Search:Properties"_tag), item);
  expect(!item.subject.empty(), "Search finds a message without subject");
  return text_in(result, "Search:LongId"_tag);
}

// Its ServerId.
std::string find_word(Phone& phone, const std::string& word) {
  const std::string inbox = phone.mailbox.of_type(kInbox).id;
  const Answer answer = phone.ask(
      Command::find,
      element("Find:Find"_tag,
              {text("Find:SearchId"_tag, phone.new_client_id()),
               element("Find:ExecuteSearch"_tag,
                       {element("Find:MailBoxSearchCriterion"_tag,
                                {element("Find:Query"_tag, {text("AirSync:Class"_tag, "Email"),
                                                            text("AirSync:CollectionId"_tag, inbox),
                                                            text("Find:FreeText"_tag, kql_of(word))}),
                                 element("Find:Options"_tag, {text("Find:Range"_tag, "0-99"),
                                                              empty("Find:DeepTraversal"_tag)})})})}));
  expect_status(answer.root(), "Find:Status"_tag, 1, "Find");
  const Element response = child_of(answer.root(), "Find:Response"_tag);
  expect_status(response, "Find:Status"_tag, 1, "Find's Response");
  expect(number_in(response, "Find:Total"_tag) == 1, "Find does not find the one message with " + word);
  return text_in(child_of(response, "Find:Result"_tag), "AirSync:ServerId"_tag);
}

bool names_address(Element properties, const std::string& address) {
  const auto told = properties.find("GAL:EmailAddress"_tag);
  return told && text::same(told->text(), address);
}

bool is_found_in_gal(Phone& phone, const std::string& name) {
  const Answer answer =
      phone.ask(Command::search,
                element("Search:Search"_tag,
                        {element("Search:Store"_tag,
                                 {text("Search:Name"_tag, "GAL"), text("Search:Query"_tag, name),
                                  element("Search:Options"_tag, {text("Search:Range"_tag, "0-19")})})}));
  for (const Element result : store_in(answer)) {
    if (result.tag() != "Search:Result"_tag || !result.has_children()) continue;
    if (names_address(child_of(result, "Search:Properties"_tag), phone.identity.address)) return true;
  }
  return false;
}

bool is_found_by_find(Phone& phone, const std::string& name) {
  const Answer answer = phone.ask(
      Command::find,
      element("Find:Find"_tag,
              {text("Find:SearchId"_tag, phone.new_client_id()),
               element("Find:ExecuteSearch"_tag,
                       {element("Find:GalSearchCriterion"_tag,
                                {text("Find:Query"_tag, name),
                                 element("Find:Options"_tag, {text("Find:Range"_tag, "0-19")})})})}));
  expect_status(answer.root(), "Find:Status"_tag, 1, "Find");
  for (const Element result : child_of(answer.root(), "Find:Response"_tag)) {
    if (result.tag() != "Find:Result"_tag) continue;
    if (names_address(child_of(result, "Find:Properties"_tag), phone.identity.address)) return true;
  }
  return false;
}

}  // namespace

void search_mailbox(Phone& phone, const std::string& subject) {
  const std::string word = word_of(subject);
  LocalItem item;
  if (uses_find(phone)) {
    const std::string id = find_word(phone, word);
    item = phone.mailbox.of_type(kInbox).items.at(id);
  } else {
    // By LongId alone, without the folder.
    const Node long_id = text("Search:LongId"_tag, search_word(phone, word));
    item = fetch_item(phone, {long_id}, body_wishes(phone));
  }
  expect(item.subject == subject, "another message is found: " + item.subject);
}

void search_people(Phone& phone) {
  const std::string name = phone.identity.address.substr(0, phone.identity.address.find('@'));
  const bool found = uses_find(phone) ? is_found_by_find(phone, name) : is_found_in_gal(phone, name);
  expect(found, "the directory does not find the user's own address");
}

}  // namespace postern::phone
