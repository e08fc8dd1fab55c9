// YAML text to a tree with places; what is refused, and the bounds.
#include "config/yaml_node.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

YamlNode tree(const std::string& text) {
  auto parsed = parse_yaml(text);
  if (const auto* mistake = std::get_if<YamlMistake>(&parsed)) {
    ADD_FAILURE() << mistake->line << ":" << mistake->column << " " << mistake->text;
    return {};
  }
  return std::get<YamlNode>(std::move(parsed));
}

TEST(YamlNode, KeepsOrderAndPlaces) {
  const YamlNode root = tree("imap:\n  port: 143\n  names: [a, 'b c']\n");
  ASSERT_EQ(root.kind, YamlNode::Kind::map);
  ASSERT_EQ(root.keys.size(), 1U);
  EXPECT_EQ(root.keys[0].scalar, "imap");
  const YamlNode& imap = root.items[0];
  ASSERT_EQ(imap.keys.size(), 2U);
  EXPECT_EQ(imap.keys[0].scalar, "port");
  EXPECT_EQ(imap.items[0].scalar, "143");
  EXPECT_EQ(imap.items[0].line, 2);
  EXPECT_EQ(imap.items[0].column, 9);
  ASSERT_EQ(imap.items[1].items.size(), 2U);
  EXPECT_EQ(imap.items[1].items[1].scalar, "b c");
  EXPECT_EQ(imap.items[1].items[1].line, 3);
}

TEST(YamlNode, EmptyTextIsNull) {
  for (const char* text : {"", "\n", "# only words\n", "---\n", "~\n"}) {
    EXPECT_EQ(tree(text).kind, YamlNode::Kind::null) << text;
  }
}

struct Bad {
  const char* text;
  int line;
  const char* says;
};

TEST(YamlNode, RefusesWithThePlace) {
  const Bad cases[] = {
      {"a: &x 1\nb: *x\n", 2, "aliases"},
      {"a: &x [1]\nb: {<<: *x}\n", 2, "aliases"},
      {"a: !!python/object 1\n", 1, "tags"},
      {"a: 1\n---\nb: 2\n", 2, "second document"},
      {"[a, b]: 1\n", 1, "key must be a word"},
      {"a: 1\n~: 2\n", 2, "key must be a word"},
      {"a: [1, 2\n", 2, ""},
      {"a: 1\nb: \x01\n", 2, "control character"},
      {"a: \xFF\n", 0, "UTF-8"},
  };
  for (const Bad& bad : cases) {
    const auto parsed = parse_yaml(bad.text);
    const auto* mistake = std::get_if<YamlMistake>(&parsed);
    ASSERT_NE(mistake, nullptr) << bad.text;
    EXPECT_EQ(mistake->line, bad.line) << bad.text;
    EXPECT_NE(mistake->text.find(bad.says), std::string::npos) << mistake->text;
  }
}

TEST(YamlNode, DepthIsBounded) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(std::holds_alternative<YamlNode>(parse_yaml(nested(kYamlDepthMax))));
  EXPECT_TRUE(std::holds_alternative<YamlMistake>(parse_yaml(nested(kYamlDepthMax + 1))));
  EXPECT_TRUE(std::holds_alternative<YamlMistake>(parse_yaml(std::string(kYamlOctetsMax, '['))));
}

TEST(YamlNode, SizeIsBounded) {
  std::string text = "#";
  text.resize(kYamlOctetsMax, 'x');
  EXPECT_TRUE(std::holds_alternative<YamlNode>(parse_yaml(text)));
  EXPECT_TRUE(std::holds_alternative<YamlMistake>(parse_yaml(text + "x")));
}

}  // namespace
}  // namespace postern
