#include "tests/phone/item_operations.h"

#include "gateway/base/text.h"
#include "tests/phone/sync.h"

namespace postern::phone {

namespace {

const std::string& part_of(const Answer& answer, std::uint32_t number) {
  expect(number >= 1 && number <= answer.parts.size(), "a part is named that is not there");
  return answer.parts[number - 1];
}

Answer ask_fetch(Phone& phone, std::vector<Node> fields) {
  fields.insert(fields.begin(), text("ItemOperations:Store"_tag, "Mailbox"));
  Answer answer = phone.ask(
      Command::item_operations,
      element("ItemOperations:ItemOperations"_tag, {element("ItemOperations:Fetch"_tag, std::move(fields))}));
  expect_status(answer.root(), "ItemOperations:Status"_tag, 1, "ItemOperations");
  return answer;
}

Element properties_in(const Answer& answer) {
  const Element response = child_of(answer.root(), "ItemOperations:Response"_tag);
  const Element fetch = child_of(response, "ItemOperations:Fetch"_tag);
  expect_status(fetch, "ItemOperations:Status"_tag, 1, "Fetch");
  return child_of(fetch, "ItemOperations:Properties"_tag);
}

}  // namespace

Node whole_body(std::uint32_t type) {
  return element("AirSyncBase:BodyPreference"_tag, {number("AirSyncBase:Type"_tag, type)});
}

LocalItem fetch_item(Phone& phone, std::vector<Node> place, std::vector<Node> wishes) {
  place.push_back(element("ItemOperations:Options"_tag, std::move(wishes)));
  const Answer answer = ask_fetch(phone, std::move(place));
  const Element properties = properties_in(answer);
  LocalItem item;
  take_properties(phone, properties, item);
  const auto body = properties.find("AirSyncBase:Body"_tag);
  if (body && body->find("ItemOperations:Part"_tag)) {
    expect(!body->find("AirSyncBase:Data"_tag), "a body both in the answer and in a part");
    item.body = part_of(answer, number_in(*body, "ItemOperations:Part"_tag));
  }
  return item;
}

std::string fetch_file(Phone& phone, const std::string& file_reference) {
  const Answer answer = ask_fetch(phone, {text("AirSyncBase:FileReference"_tag, file_reference)});
  const Element properties = properties_in(answer);
  // Some break if it comes unasked.
  expect(!properties.find("ItemOperations:Range"_tag), "a Range that was not asked for");
  expect(properties.find("AirSyncBase:ContentType"_tag).has_value(), "a file without ContentType");
  if (properties.find("ItemOperations:Part"_tag))
    return part_of(answer, number_in(properties, "ItemOperations:Part"_tag));
  const auto octets = text::unbase64(text_in(properties, "ItemOperations:Data"_tag));
  expect(octets.has_value(), "a file that is no base64");
  return *octets;
}

}  // namespace postern::phone
