// Taking over the policy, in two phases. MS-ASPROV section 3.1.5.1.
#include <algorithm>

#include "gateway/base/text.h"
#include "tests/phone/device_information.h"

namespace postern::phone {

namespace {

constexpr const char* kPolicyType = "MS-EAS-Provisioning-WBXML";

struct PolicyAnswer {
  std::uint32_t key = 0;
  bool has_data = false;
};

PolicyAnswer ask_for_policy(Phone& phone, std::vector<Node> policy, bool with_device) {
  policy.insert(policy.begin(), text("Provision:PolicyType"_tag, kPolicyType));
  std::vector<Node> children = {
      element("Provision:Policies"_tag, {element("Provision:Policy"_tag, std::move(policy))})};
  if (with_device) children.insert(children.begin(), device_information(phone));
  const Answer answer =
      phone.server.ask(Command::provision, element("Provision:Provision"_tag, std::move(children)));
  const Element root = answer.root();
  const bool wiped =
      root.find("Provision:RemoteWipe"_tag) || root.find("Provision:AccountOnlyRemoteWipe"_tag);
  expect(!wiped, "the server has this phone wiped");
  expect_status(root, "Provision:Status"_tag, 1, "Provision");
  if (with_device) {
    const Element device = child_of(root, "Settings:DeviceInformation"_tag);
    expect_status(device, "Settings:Status"_tag, 1, "DeviceInformation in Provision");
  }
  const Element told = child_of(child_of(root, "Provision:Policies"_tag), "Provision:Policy"_tag);
  expect_status(told, "Provision:Status"_tag, 1, "Policy");
  expect(text_in(told, "Provision:PolicyType"_tag) == kPolicyType, "a policy of another type");
  PolicyAnswer policy_answer;
  policy_answer.key = number_in(told, "Provision:PolicyKey"_tag);
  // Old phones take 0 for none.
  expect(policy_answer.key != 0, "a policy key of 0");
  if (const auto data = told.find("Provision:Data"_tag)) {
    policy_answer.has_data = true;
    child_of(*data, "Provision:EASProvisionDoc"_tag);
  }
  return policy_answer;
}

}  // namespace

void provision(Phone& phone) {
  phone.server.policy_key = 0;
  // Before 14.1 the device tells of itself in Settings.
  const PolicyAnswer first = ask_for_policy(phone, {}, phone.version >= ProtocolVersion::v14_1);
  expect(first.has_data, "the first phase brings no policy");
  phone.server.policy_key = first.key;
  const PolicyAnswer second = ask_for_policy(
      phone, {text("Provision:PolicyKey"_tag, std::to_string(first.key)), number("Provision:Status"_tag, 1)},
      false);
  expect(!second.has_data, "the second phase brings the policy again");
  phone.server.policy_key = second.key;
  phone.mailbox.policy_key = second.key;
}

}  // namespace postern::phone
