// From a file and what there is to the steps between them.
#include "gateway/cli/apply_plan.h"

#include <gtest/gtest.h>

#include "gateway/cli/desired_files.h"
#include "gateway/cli/progress.h"

namespace postern::cli {
namespace {

constexpr const char* kHash = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.pIKrLVkBX9/OvQMSygY1pWEVn72t6na";

std::string text_of(const FileMistakes& mistakes) {
  std::string text;
  for (const FileMistake& one : mistakes) text += std::to_string(one.line) + ": " + one.text + "\n";
  return text;
}

Desired yaml(const std::string& text, std::string expected = "") {
  FileMistakes mistakes;
  Desired desired = read_desired_yaml(text, mistakes);
  EXPECT_EQ(text_of(mistakes), expected) << text;
  return desired;
}

Desired csv(const std::string& text, std::string expected = "") {
  FileMistakes mistakes;
  Desired desired = read_desired_csv(text, mistakes);
  EXPECT_EQ(text_of(mistakes), expected) << text;
  return desired;
}

AccountRecord account(const std::string& address) {
  AccountRecord record;
  record.id = AccountId{7};
  record.address = address;
  return record;
}

Present with_domain() {
  Present present;
  Domain domain;
  domain.name = "example.org";
  domain.plan = "standard";
  present.domains.emplace(domain.name, domain);
  return present;
}

// "action object change" a line; mistakes behind "!".
std::string steps(const Desired& desired, const Present& present, Prune prune = Prune::no) {
  const ApplyPlan plan = plan_of(desired, present, prune);
  std::string text;
  for (const Json& row : plan_rows(plan)) {
    for (const char* key : {"action", "object", "change"}) {
      const std::string value = row[key].get<std::string>();
      text += value.empty() ? "" : value + (std::string(key) == "change" ? "" : " ");
    }
    text += "\n";
  }
  for (const FileMistake& one : plan.mistakes) text += "! " + one.text + "\n";
  return text;
}

TEST(DesiredCsv, ColumnsByName) {
  const Desired desired =
      csv("Address,password_hash,name,quota,messages,status,mobile_sync,pop3\r\n"
          "Joe@Example.ORG," +
          std::string(kHash) +
          ",\"Bloggs, Joe\",5G,10,disabled,true,inherit\r\n"
          "ann@example.org,,,,,,,\r\n");
  ASSERT_EQ(desired.accounts.size(), 2u);
  const DesiredAccount& joe = desired.accounts[0];
  EXPECT_EQ(joe.address, "joe@example.org");
  EXPECT_EQ(joe.name, "Bloggs, Joe");
  EXPECT_EQ(joe.quota_octets, std::uint64_t{5} << 30);
  EXPECT_EQ(joe.quota_messages, 10u);
  EXPECT_EQ(joe.status, AccountStatus::disabled);
  EXPECT_EQ(joe.features.at(Feature::mobile_sync), true);
  EXPECT_EQ(joe.features.at(Feature::pop3), std::nullopt);
  EXPECT_FALSE(desired.accounts[1].name) << "an empty field says nothing";
  EXPECT_TRUE(desired.accounts[1].features.empty());
}

TEST(DesiredCsv, AllMistakesAtOnce) {
  csv("address,nmae,address\n",
      "1: column nmae: unknown; did you mean name?\n1: column address stands here twice\n");
  csv("", "1: the first line names the columns, e.g. address,password_hash,name\n");
  csv("address,password,password_hash,quota,imap,status\n"
      "joe,short,x,lots,maybe,gone\n"
      "ann@example.org\n"
      ",longenough,,,,\n"
      "bob@example.org,longenough,,,,\n"
      "BOB@example.org,longenough," +
          std::string(kHash) + ",,,\n",
      "2: address: expected local@domain\n"
      "2: password: a password has at least 8 characters\n"
      "2: password_hash: not a yescrypt, bcrypt or SHA-crypt hash of reasonable cost\n"
      "2: quota: expected octets above zero, e.g. 5G\n"
      "2: imap: expected true, false or inherit\n"
      "2: status: expected active, disabled or deleted\n"
      "3: 1 fields under 6 columns\n"
      "2: address is missing\n"
      "4: address is missing\n"
      "6: password and password_hash are both given; keep one\n"
      "6: bob@example.org stands in line 5, too\n");
}

TEST(DesiredYaml, AllMistakesAtOnce) {
  yaml("people: []\n", "1: people: unknown; known here: domains, accounts, aliases\n");
  yaml(
      "domains: 7\naccounts:\n- {addres: a@b.test}\n- {address: a@b.test, features: {telepathy: true}}\n"
      "aliases:\n- {alias: x}\n- {alias: c@d.test, targets: [nobody]}\n- 7\n",
      "1: domains: expected a list here, one \"- \" for each\n"
      "3: addres: unknown; did you mean address?\n"
      "4: telepathy: not a feature\n"
      "6: alias: expected local@domain\n"
      "6: alias is missing\n"
      "6: targets are missing\n"
      "7: targets: not an address: nobody\n"
      "7: targets are missing\n"
      "8: expected \"key: value\" lines here\n"
      "8: alias is missing\n"
      "8: targets are missing\n"
      "3: address is missing\n");
  yaml("accounts: [\n", "2: end of sequence flow not found\n");
}

TEST(Octets, Units) {
  EXPECT_EQ(parse_octets("1"), 1u);
  EXPECT_EQ(parse_octets("2k"), 2048u);
  EXPECT_EQ(parse_octets("5G"), std::uint64_t{5} << 30);
  EXPECT_EQ(parse_octets("8388607T"), std::uint64_t{8388607} << 40);
  for (const char* wrong : {"", "0", "G", "-1", "1.5G", "5GB", "8388608T", "99999999999999999999"}) {
    EXPECT_FALSE(parse_octets(wrong)) << wrong;
  }
}

const std::string kFile = R"(
domains:
- {domain: example.org, catch_all: joe@example.org}
- {domain: new.test}
accounts:
- {address: joe@example.org, password: longenough, name: Joe, quota: 1M, features: {mobile_sync: true}}
- {address: ann@new.test, password: longenough, status: disabled}
aliases:
- {alias: all@example.org, targets: [joe@example.org, ann@new.test]}
)";

TEST(ApplyPlan, FromNothing) {
  EXPECT_EQ(steps(yaml(kFile), with_domain()),
            "add domain new.test plan standard\n"
            "add account joe@example.org name \"Joe\", quota 1.0 MiB, mobile_sync on\n"
            "add account ann@new.test disabled\n"
            "set alias all@example.org to joe@example.org, ann@new.test\n"
            "set catch-all example.org joe@example.org\n");
}

TEST(ApplyPlan, WhatIsSoAlreadyIsNoStep) {
  Present present = with_domain();
  present.domains["example.org"].catch_all = "joe@example.org";
  present.domains["new.test"].plan = "standard";
  AccountRecord joe = account("joe@example.org");
  joe.profile.display_name = "Joe";
  joe.quota.octets_max = 1048576;
  joe.features[static_cast<std::size_t>(Feature::mobile_sync)] = {true, FeatureSource::account};
  present.accounts.emplace(joe.address, joe);
  AccountRecord ann = account("ann@new.test");
  ann.status = AccountStatus::disabled;
  present.accounts.emplace(ann.address, ann);
  present.aliases["all@example.org"] = {"ann@new.test", "joe@example.org"};
  const Desired desired = yaml(kFile);
  EXPECT_EQ(steps(desired, present), "");
  EXPECT_EQ(plan_of(desired, present, Prune::no).unchanged, 2u);

  present.accounts.at("joe@example.org").quota.octets_max = 5;
  present.accounts.at("joe@example.org").features[static_cast<std::size_t>(Feature::mobile_sync)].source =
      FeatureSource::plan;
  present.accounts.at("ann@new.test").status = AccountStatus::active;
  present.aliases["all@example.org"].pop_back();
  EXPECT_EQ(steps(desired, present),
            "change account joe@example.org quota 1.0 MiB, mobile_sync on\n"
            "change account ann@new.test disabled\n"
            "set alias all@example.org to joe@example.org, ann@new.test\n");
}

TEST(ApplyPlan, InheritTakesTheOwnWordAway) {
  Present present = with_domain();
  AccountRecord joe = account("joe@example.org");
  joe.features[static_cast<std::size_t>(Feature::pop3)] = {false, FeatureSource::account};
  present.accounts.emplace(joe.address, joe);
  const Desired desired = csv("address,pop3,imap\njoe@example.org,inherit,inherit\n");
  EXPECT_EQ(steps(desired, present), "change account joe@example.org pop3 inherited\n");
}

TEST(ApplyPlan, WhoIsDeletedAndInTheFileComesBack) {
  Present present = with_domain();
  AccountRecord joe = account("joe@example.org");
  joe.status = AccountStatus::deleted;
  present.accounts.emplace(joe.address, joe);
  EXPECT_EQ(steps(csv("address\njoe@example.org\n"), present), "change account joe@example.org active\n");
  EXPECT_EQ(steps(csv("address,status\njoe@example.org,deleted\n"), present), "");
}

TEST(ApplyPlan, MistakesThatOnlyTheDirectoryShows) {
  Present present = with_domain();
  present.domains["example.org"].plan = "gold";
  present.aliases["sales@example.org"] = {"x@example.org"};
  const std::string found = steps(yaml("domains: [{domain: example.org}]\n"
                                       "accounts:\n"
                                       "- {address: joe@elsewhere.test, password: longenough}\n"
                                       "- {address: new@example.org}\n"
                                       "- {address: sales@example.org, password: longenough}\n"),
                                  present);
  for (const char* part :
       {"! example.org is on plan gold", "! joe@elsewhere.test: there is no domain elsewhere.test",
        "! new@example.org is new and needs a password", "! sales@example.org is an alias"}) {
    EXPECT_NE(found.find(part), std::string::npos) << part << " in\n" << found;
  }
}

TEST(ApplyPlan, PruneTakesFromTheFilesOwnDomainsOnly) {
  Present present = with_domain();
  present.domains["other.test"].plan = "standard";
  for (const char* address : {"old@example.org", "joe@example.org", "old@other.test"}) {
    present.accounts.emplace(address, account(address));
  }
  present.accounts.emplace("gone@example.org", account("gone@example.org")).first->second.status =
      AccountStatus::deleted;
  present.aliases["old-alias@example.org"] = {"joe@example.org"};
  const Desired desired = yaml(
      "domains: [{domain: example.org}]\n"
      "accounts: [{address: joe@example.org}, {address: ann@other.test, password: longenough}]\n");
  EXPECT_EQ(steps(desired, present), "add account ann@other.test \n");
  EXPECT_EQ(steps(desired, present, Prune::yes),
            "add account ann@other.test \n"
            "delete account old@example.org recoverable\n"
            "delete alias old-alias@example.org \n");
}

TEST(Progress, TheLine) {
  EXPECT_EQ(progress_line("Applying", 0, 10, Milliseconds(0)),
            "Applying [>                             ] 0/10");
  EXPECT_EQ(progress_line("Applying", 5, 10, Milliseconds(2500)),
            "Applying [===============>              ] 5/10, 3 s left");
  EXPECT_EQ(progress_line("Applying", 10, 10, Milliseconds(9)),
            "Applying [==============================] 10/10");
  EXPECT_EQ(progress_line("Applying", 0, 0, Milliseconds(0)),
            "Applying [==============================] 0/0");
}

}  // namespace
}  // namespace postern::cli
