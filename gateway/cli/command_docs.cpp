#include "gateway/cli/command_docs.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "gateway/base/text.h"

namespace postern::cli {

namespace {

OptionDoc describe(const CLI::Option& option, const OptionValues& values) {
  OptionDoc doc;
  for (const std::string& name : option.get_lnames()) doc.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) doc.names.push_back("-" + name);
  doc.positional = doc.names.empty();
  if (doc.positional) doc.names.push_back(option.get_name(true, false));
  if (doc.positional || option.get_items_expected_max() > 0) doc.placeholder = option.get_type_name();
  doc.description = option.get_description();
  doc.required = option.get_required();
  doc.repeatable = option.get_items_expected_max() > 1;
  if (const auto found = values.find(&option); found != values.end()) doc.values = found->second;
  return doc;
}

}  // namespace

CommandDoc describe(const CLI::App& app, const OptionValues& values) {
  CommandDoc doc;
  doc.name = app.get_name();
  doc.description = app.get_description();
  doc.examples = text::trim(app.get_footer());
  for (const CLI::Option* option : app.get_options()) doc.options.push_back(describe(*option, values));
  for (const CLI::App* command :
       app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); })) {
    doc.commands.push_back(describe(*command, values));
  }
  return doc;
}

}  // namespace postern::cli
