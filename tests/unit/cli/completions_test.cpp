// What is generated from the tree of commands names all of it, and shells and man(1) can read it.
#include "gateway/cli/completions.h"

#include <gtest/gtest.h>

#include "gateway/cli/man_pages.h"

namespace postern::cli {
namespace {

OptionDoc option(std::vector<std::string> names, std::string placeholder,
                 std::vector<std::string> values = {}) {
  OptionDoc doc;
  doc.names = std::move(names);
  doc.placeholder = std::move(placeholder);
  doc.description = "What it's for: [this]";
  doc.values = std::move(values);
  return doc;
}

CommandDoc program() {
  CommandDoc add;
  add.name = "add";
  add.description = "Make one";
  OptionDoc address = option({"address"}, "TEXT");
  address.positional = address.required = true;
  add.options = {address, option({"--generate"}, ""), option({"--kind", "-k"}, "TEXT", {"small", "large"})};
  CommandDoc account;
  account.name = "account";
  account.description = "Mailbox owners";
  account.examples = "Examples:\n  tool account add joe@example.org\n.dots 'and quotes'";
  account.commands = {add};
  CommandDoc doc;
  doc.name = "tool";
  doc.description = "A tool";
  doc.options = {option({"--help"}, ""), option({"--config"}, "FILE")};
  doc.commands = {account};
  return doc;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Completions, NameEverything) {
  for (const std::string& script :
       {bash_completion(program()), zsh_completion(program()), fish_completion(program())}) {
    for (const char* word : {"account", "add", "generate", "kind", "small large", "config"}) {
      EXPECT_TRUE(has(script, word)) << word << " in\n" << script;
    }
  }
}

TEST(ManPages, OneForTheProgramAndOneForEachNoun) {
  const std::vector<ManPage> pages = man_pages(program(), "1.2");
  ASSERT_EQ(pages.size(), 2u);
  EXPECT_EQ(pages[0].file, "tool.1");
  EXPECT_TRUE(has(pages[0].text, "tool\\-account(1)"));
  EXPECT_TRUE(has(pages[0].text, "\\fB\\-\\-config\\fR \\fIFILE\\fR"));
  EXPECT_EQ(pages[1].file, "tool-account.1");
  EXPECT_TRUE(has(pages[1].text, ".SS add\nMake one\n"));
  EXPECT_TRUE(has(pages[1].text, "\\fIaddress\\fR\n[\\fIoptions\\fR]\n"));
  EXPECT_TRUE(has(pages[1].text, "(small, large)"));
  EXPECT_TRUE(has(pages[1].text, "\n\\&.dots 'and quotes'")) << "a dot in front is no request";
}

}  // namespace
}  // namespace postern::cli
