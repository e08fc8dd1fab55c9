#include "gateway/cli/man_pages.h"

#include <fmt/format.h>

#include "gateway/base/text.h"

namespace postern::cli {

namespace {

// A line that begins with a dot or a quote would be a request; a dash is one for copying.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
      out += c;
    }
  }
  return out;
}

std::string names_of(const OptionDoc& option) {
  std::string text;
  for (const std::string& name : option.names) text += (text.empty() ? "" : ", ") + name;
  text = "\\fB" + escaped(text) + "\\fR";
  if (!option.positional && !option.placeholder.empty())
    text += " \\fI" + escaped(option.placeholder) + "\\fR";
  return text;
}

std::string entry(const OptionDoc& option) {
  std::string about = option.description;
  if (!option.values.empty()) about += fmt::format(" ({})", fmt::join(option.values, ", "));
  return ".TP\n" + names_of(option) + "\n" + escaped(about) + "\n";
}

// Required arguments bare, others in brackets, what may come again with dots.
std::string synopsis(const std::string& words, const CommandDoc& command) {
  std::string text = ".B " + escaped(words) + "\n";
  bool has_options = false;
  for (const OptionDoc& option : command.options) {
    if (!option.positional) {
      has_options = has_options || option.names[0] != "--help";
      continue;
    }
    const std::string name = "\\fI" + escaped(option.names[0]) + "\\fR" + (option.repeatable ? " ..." : "");
    text += option.required ? name + "\n" : "[" + name + "]\n";
  }
  return has_options ? text + "[\\fIoptions\\fR]\n" : text;
}

std::string options_of(const CommandDoc& command) {
  std::string text;
  for (const OptionDoc& option : command.options) {
    if (option.names[0] != "--help") text += entry(option);
  }
  return text;
}

std::string head(const std::string& name, const std::string& version, const std::string& about) {
  return fmt::format(".TH {} 1 \"\" \"postern {}\" \"Postern\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n",
                     text::to_upper(name), version, escaped(name), escaped(about));
}

std::string examples(const CommandDoc& command) {
  if (command.examples.empty()) return {};
  return ".SH NOTES\n.nf\n" + escaped(command.examples) + "\n.fi\n";
}

ManPage page_of(const CommandDoc& program, const CommandDoc& noun, const std::string& version) {
  const std::string name = program.name + "-" + noun.name;
  const std::string words = program.name + " " + noun.name;
  std::string text = head(name, version, noun.description);
  if (noun.commands.empty()) text += synopsis(words, noun);
  for (const CommandDoc& verb : noun.commands) text += synopsis(words + " " + verb.name, verb) + ".br\n";
  if (!noun.commands.empty()) text += ".SH COMMANDS\n";
  for (const CommandDoc& verb : noun.commands) {
    text += ".SS " + escaped(verb.name) + "\n" + escaped(verb.description) + "\n" + options_of(verb);
  }
  const std::string own = options_of(noun);
  if (!own.empty()) text += ".SH OPTIONS\n" + own;
  text += examples(noun) + ".SH SEE ALSO\n" + escaped(program.name) + "(1)\n";
  return {name + ".1", std::move(text)};
}

}  // namespace

std::vector<ManPage> man_pages(const CommandDoc& program, const std::string& version) {
  std::vector<ManPage> pages;
  std::string text = head(program.name, version, program.description);
  text += ".B " + escaped(program.name) + "\n[\\fIoptions\\fR] \\fInoun\\fR \\fIverb\\fR ...\n.SH COMMANDS\n";
  std::string also;
  for (const CommandDoc& noun : program.commands) {
    text += ".TP\n\\fB" + escaped(noun.name) + "\\fR\n" + escaped(noun.description) + "\n";
    also += (also.empty() ? "" : ", ") + escaped(program.name + "-" + noun.name) + "(1)";
    pages.push_back(page_of(program, noun, version));
  }
  text += ".SH OPTIONS\nEvery command takes them.\n" + options_of(program) + examples(program);
  pages.insert(pages.begin(), ManPage{program.name + ".1", text + ".SH SEE ALSO\n" + also + "\n"});
  return pages;
}

}  // namespace postern::cli
