// Settings: the phone tells of itself, and asks who its user is and what is told while the user is away.
// MS-ASCMD section 2.2.1.18.
#include <fmt/format.h>

#include "gateway/base/text.h"
#include "tests/phone/device_information.h"

namespace postern::phone {

namespace {

constexpr const char* kAwayText = "I am walking in the hills & back on Monday.";

Node away_message(Tag audience) {
  return element("Settings:OofMessage"_tag,
                 {empty(audience), number("Settings:Enabled"_tag, 1),
                  text("Settings:ReplyMessage"_tag, kAwayText), text("Settings:BodyType"_tag, "Text")});
}

Answer ask_settings(Phone& phone, Node what) {
  Answer answer = phone.ask(Command::settings, element("Settings:Settings"_tag, {std::move(what)}));
  expect_status(answer.root(), "Settings:Status"_tag, 1, "Settings");
  return answer;
}

void tell_device(Phone& phone) {
  const Answer answer = ask_settings(phone, device_information(phone));
  expect_status(child_of(answer.root(), "Settings:DeviceInformation"_tag), "Settings:Status"_tag, 1,
                "DeviceInformation");
}

void ask_user(Phone& phone) {
  const Answer answer =
      ask_settings(phone, element("Settings:UserInformation"_tag, {empty("Settings:Get"_tag)}));
  const Element user = child_of(answer.root(), "Settings:UserInformation"_tag);
  expect_status(user, "Settings:Status"_tag, 1, "UserInformation");
  Element holder = child_of(user, "Settings:Get"_tag);
  if (phone.version >= ProtocolVersion::v14_1)
    holder = child_of(child_of(holder, "Settings:Accounts"_tag), "Settings:Account"_tag);
  bool found = false;
  for (const Element one : child_of(holder, "Settings:EmailAddresses"_tag)) {
    found = found || text::same(one.text(), phone.identity.address);
  }
  expect(found, "UserInformation does not know the user's own address");
}

// Kept for later, and off: nobody gets it.
void set_away(Phone& phone) {
  const Answer set = ask_settings(
      phone, element("Settings:Oof"_tag,
                     {element("Settings:Set"_tag, {number("Settings:OofState"_tag, 0),
                                                   away_message("Settings:AppliesToInternal"_tag)})}));
  expect_status(child_of(set.root(), "Settings:Oof"_tag), "Settings:Status"_tag, 1, "Oof Set");
  const Answer got = ask_settings(
      phone,
      element("Settings:Oof"_tag, {element("Settings:Get"_tag, {text("Settings:BodyType"_tag, "Text")})}));
  const Element oof = child_of(got.root(), "Settings:Oof"_tag);
  expect_status(oof, "Settings:Status"_tag, 1, "Oof Get");
  const Element get = child_of(oof, "Settings:Get"_tag);
  expect(number_in(get, "Settings:OofState"_tag) == 0, "the absence is on, and was set off");
  bool found = false;
  for (const Element one : get) {
    if (one.tag() != "Settings:OofMessage"_tag || !one.find("Settings:AppliesToInternal"_tag)) continue;
    found = text_in(one, "Settings:ReplyMessage"_tag) == kAwayText;
  }
  expect(found, "what is told to colleagues is not kept");
}

}  // namespace

Node device_information(const Phone& phone) {
  const Profile& profile = phone.profile;
  return element(
      "Settings:DeviceInformation"_tag,
      {element("Settings:Set"_tag,
               {text("Settings:Model"_tag, std::string(profile.model)),
                text("Settings:FriendlyName"_tag, fmt::format("My {}", profile.model)),
                text("Settings:OS"_tag, std::string(profile.os)), text("Settings:OSLanguage"_tag, "en-us"),
                text("Settings:UserAgent"_tag, std::string(profile.user_agent))})});
}

void use_settings(Phone& phone) {
  if (phone.version < ProtocolVersion::v14_1) tell_device(phone);
  ask_user(phone);
  set_away(phone);
}

}  // namespace postern::phone
