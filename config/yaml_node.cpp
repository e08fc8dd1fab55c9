#include "config/yaml_node.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "gateway/base/text.h"

namespace postern {
namespace {

// A refusal of ours travels the same way as the parser's own, which stops it at once.
[[noreturn]] void refuse(const YAML::Mark& mark, const std::string& text) {
  throw YAML::ParserException(mark, text);
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  YamlNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (std::exchange(seen_document_, true)) refuse(mark, "a second document; there may be one only");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    if (expects_key()) refuse(mark, "a key must be a word");
    add(node_at(mark, YamlNode::Kind::null));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases are not followed; write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    check_tag(mark, tag);
    YamlNode node = node_at(mark, YamlNode::Kind::scalar);
    node.scalar = value;
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, YamlNode::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, YamlNode::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  static YamlNode node_at(const YAML::Mark& mark, YamlNode::Kind kind) {
    YamlNode node;
    node.kind = kind;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
  }

  // "?" marks a plain scalar and "!" a quoted one (YAML 1.2 §3.3.2); anything else was written by hand.
  static void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!") refuse(mark, "tags are not used here");
  }

  void open(const YAML::Mark& mark, const std::string& tag, YamlNode::Kind kind) {
    check_tag(mark, tag);
    if (open_.size() == kYamlDepthMax) refuse(mark, "nested too deeply");
    if (expects_key()) refuse(mark, "a key must be a word");
    open_.push_back(node_at(mark, kind));
  }

  void close() {
    YamlNode node = std::move(open_.back());
    open_.pop_back();
    add(std::move(node));
  }

  bool expects_key() const {
    return !open_.empty() && open_.back().kind == YamlNode::Kind::map &&
           open_.back().keys.size() == open_.back().items.size();
  }

  void add(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (expects_key()) {
      open_.back().keys.push_back(std::move(node));
    } else {
      open_.back().items.push_back(std::move(node));
    }
  }

  std::vector<YamlNode> open_;
  YamlNode root_;
  bool seen_document_ = false;
};

}  // namespace

std::variant<YamlNode, YamlMistake> parse_yaml(const std::string& text, std::size_t octets_max) {
  if (text.size() > octets_max) {
    return YamlMistake{0, 0, "larger than " + std::to_string(octets_max) + " octets"};
  }
  const auto is_control = [](char c) {
    return (c >= 0 && c < 32 && c != '\t' && c != '\n' && c != '\r') || c == 127;
  };
  const auto control = std::find_if(text.begin(), text.end(), is_control);
  if (control != text.end()) {
    const auto line = 1 + std::count(text.begin(), control, '\n');
    return YamlMistake{static_cast<int>(line), 1, "a control character, which YAML does not allow"};
  }
  if (!text::is_utf8(text)) return YamlMistake{0, 0, "not UTF-8 text"};
  try {
    std::istringstream in(text);
    YAML::Parser parser(in);
    TreeBuilder builder;
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.take_root();
  } catch (const YAML::Exception& mistake) {
    return YamlMistake{mistake.mark.line + 1, mistake.mark.column + 1, mistake.msg};
  }
}

}  // namespace postern
