// Many accounts out of a file, what is generated from the tree of commands, and every form of output, with
// the program and a server of its own.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "tests/support/command_line_fixture.h"

namespace postern::tests {
namespace {

constexpr int kAccounts = 300;
// Of some password, at a low cost.
constexpr const char* kHash = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.pIKrLVkBX9/OvQMSygY1pWEVn72t6na";

std::string shell(const std::string& command) {
  std::string output;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const std::size_t length = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), length);
  }
  return std::to_string(WEXITSTATUS(::pclose(pipe))) + "\n" + output;
}

class Bulk : public Demo {
 protected:
  Bulk() { EXPECT_EQ(run("demo --detach --output json --port-base 25000").code, 0); }

  std::string file(const std::string& name, const std::string& text) {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  Json apply(const std::string& words) { return run(words + " --output json").json(); }
};

TEST_F(Bulk, ApplyBringsAboutWhatTheFileSaysAndOnlyThat) {
  std::string yaml = "domains:\n- {domain: bulk.test, catch_all: u0@bulk.test}\naccounts:\n";
  for (int i = 0; i < kAccounts; ++i) {
    yaml += "- {address: u" + std::to_string(i) + "@bulk.test, password_hash: " + kHash + ", name: \"User " +
            std::to_string(i) + "\", features: {mobile_sync: " + (i % 2 == 0 ? "true" : "false") + "}}\n";
  }
  yaml += "aliases:\n- {alias: all@bulk.test, targets: [u1@bulk.test, u2@bulk.test]}\n";
  const std::string path = file("bulk.yaml", yaml);

  const Json plan = apply("apply --dry-run -f " + path);
  ASSERT_EQ(plan.size(), kAccounts + 3u) << "a domain, its catch-all, an alias";
  EXPECT_EQ(plan[0]["action"], "add domain");
  EXPECT_EQ(run("domain show bulk.test 2>&1").code, 1) << "a dry run changes nothing";

  const Json done = apply("apply -f " + path);
  EXPECT_EQ(done["done"], kAccounts + 3);
  EXPECT_EQ(done["failed"], 0);
  const Json accounts = apply("account list bulk.test");
  ASSERT_EQ(accounts.size(), std::size_t{kAccounts});
  EXPECT_EQ(accounts[0]["name"], "User 0");
  EXPECT_EQ(accounts[0]["features"]["mobile_sync"]["enabled"], true);
  EXPECT_EQ(apply("domain show bulk.test")["catch_all"], "u0@bulk.test");

  const Json again = apply("apply -f " + path);
  EXPECT_EQ(again["steps"], 0);
  EXPECT_EQ(again["unchanged"], kAccounts);
  EXPECT_EQ(run("apply -f " + path).output, "Nothing to do.\n");

  const std::string less = file("less.yaml",
                                "domains: [{domain: bulk.test}]\n"
                                "accounts: [{address: u0@bulk.test, quota: 2M, status: disabled}]\n");
  EXPECT_EQ(apply("apply --dry-run -f " + less).size(), 1u) << "what is not in the file stays";
  const Json pruned = apply("apply --prune -f " + less);
  EXPECT_EQ(pruned["done"], kAccounts + 1) << "one changed, the others and the alias gone";
  EXPECT_EQ(apply("account show u0@bulk.test")["quota"], 2097152);
  EXPECT_EQ(apply("account show u1@bulk.test")["status"], "deleted");
}

TEST_F(Bulk, ImportOfAColumnedFile) {
  const std::string path = file("people.csv",
                                "address,password,name,mobile_sync\r\n"
                                "kim@example.test,correct horse,\"Kim, K.\",true\r\n"
                                "alice@example.test,,Alice of Example,\r\n");
  EXPECT_EQ(apply("account import --dry-run " + path).size(), 2u);
  EXPECT_EQ(apply("account import " + path)["done"], 2);
  EXPECT_EQ(apply("account show kim@example.test")["name"], "Kim, K.");
  EXPECT_EQ(apply("account show alice@example.test")["name"], "Alice of Example");
  EXPECT_EQ(apply("account import " + path)["unchanged"], 2);

  const std::string wrong =
      file("wrong.csv", "address,password\nnew@example.test,correct horse\nx,correct horse\n");
  const Outcome refused = run("account import " + wrong + " 2>&1");
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.output.find("wrong.csv:3: address: expected local@domain"), std::string::npos)
      << refused.output;
  EXPECT_EQ(run("account show new@example.test 2>&1").code, 1) << "nothing half-done";
  EXPECT_EQ(run("account import /nonexistent 2>&1").code, 1);
}

TEST_F(Bulk, EveryFormOfOutput) {
  const Outcome lines = run("account list example.test --output ndjson");
  std::istringstream in(lines.output);
  int count = 0;
  for (std::string line; std::getline(in, line); ++count)
    EXPECT_TRUE(Json::parse(line, nullptr, false).is_object());
  EXPECT_EQ(count, 3);
  const Outcome csv = run("account list example.test --output csv");
  EXPECT_TRUE(csv.output.starts_with("address,status,messages,used,quota\r\nalice@example.test,active,"));
  EXPECT_TRUE(
      run("domain show example.test --output csv").output.starts_with("domain,plan,accounts,catch_all\r\n"));
  EXPECT_EQ(run("doctor --output ndjson").json().is_discarded(), true) << "more than one line";
  const Json records = apply("domain dns example.test");
  ASSERT_GT(records.size(), 3u);
  EXPECT_EQ(records[0]["type"], "MX");
  EXPECT_EQ(run("domain dns 'not a domain' 2>&1").code, 1);
  EXPECT_EQ(run("doctor --dns example.test --dns-server nonsense 2>&1").code, 2);
}

// A shell completes what the program's help shows.
TEST(Generated, BashCompletes) {
  const auto completed = [](const std::string& words, int at) {
    return shell("bash -c 'source <(" POSTERN_BINARY " completion bash); COMP_WORDS=(" + words +
                 "); COMP_CWORD=" + std::to_string(at) + "; _postern; printf \"%s\\n\" \"${COMPREPLY[@]}\"'");
  };
  EXPECT_EQ(completed("postern accou", 1), "0\naccount\n");
  EXPECT_EQ(completed("postern account im", 2), "0\nimport\n");
  EXPECT_EQ(completed("postern account import --dr", 3), "0\n--dry-run\n");
  EXPECT_EQ(completed("postern account list --output nd", 4), "0\nndjson\n");
  EXPECT_EQ(completed("postern feature enable mob", 3), "0\nmobile_sync\n");
  EXPECT_EQ(completed("postern --output json domain d", 4), "0\ndns\ndelete\n");
  EXPECT_EQ(completed("postern account import /etc/hostna", 3), "0\n/etc/hostname\n");
  EXPECT_EQ(completed("postern check-config --config /etc/hostna", 3), "0\n/etc/hostname\n");
}

TEST(Generated, FishCompletes) {
  const auto completed = [](const std::string& words) {
    return shell("fish --no-config -c 'source (" POSTERN_BINARY " completion fish | psub); complete -C \"" +
                 words + "\"'");
  };
  EXPECT_EQ(completed("postern accou"), "0\naccount\tMailbox owners\n");
  EXPECT_EQ(completed("postern account im"), "0\nimport\tMake and change accounts as a CSV file says\n");
  EXPECT_EQ(completed("postern account import --dr"), "0\n--dry-run\tOnly show what would be done\n");
}

// Without the machinery of an interactive zsh: what the script would hand to it.
TEST(Generated, ZshCompletes) {
  const auto handed = [](const std::string& words, int current) {
    return shell(
        "zsh -f -c '_describe() { print -l $commands }; _arguments() { print -l -- \"$@\" }; words=(" +
        words + "); CURRENT=" + std::to_string(current) + "; source <(" POSTERN_BINARY " completion zsh)'");
  };
  const std::string verbs = handed("postern account im", 3);
  EXPECT_NE(verbs.find("\nimport:Make and change accounts"), std::string::npos) << verbs;
  EXPECT_EQ(verbs.find("\naccount:"), std::string::npos) << "the nouns are behind us";
  const std::string options = handed("postern account import --dr", 4);
  EXPECT_NE(options.find("\n--dry-run[Only show what would be done]\n"), std::string::npos) << options;
  EXPECT_NE(options.find("\n:file:_files\n"), std::string::npos) << options;
}

TEST(Generated, ManualPagesForEveryNoun) {
  std::string directory = (std::filesystem::temp_directory_path() / "postern-man-XXXXXX").string();
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  EXPECT_EQ(postern("man " + directory).code, 0);
  std::set<std::string> pages;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    pages.insert(entry.path().filename());
    EXPECT_EQ(shell("groff -K utf8 -man -Tutf8 -ww -z " + entry.path().string()), "0\n") << entry.path();
  }
  for (const char* name : {"postern.1", "postern-account.1", "postern-apply.1", "postern-doctor.1"}) {
    EXPECT_TRUE(pages.contains(name)) << name;
  }
  EXPECT_FALSE(pages.contains("postern-worker.1"));
  std::filesystem::remove_all(directory);
  EXPECT_EQ(postern("man /nonexistent 2>&1").code, 1);
}

}  // namespace
}  // namespace postern::tests
