// The tree of commands: nouns, their verbs, the options that all of them take. One file per noun fills it in.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <functional>
#include <memory>
#include <string>

#include "gateway/cli/command_docs.h"
#include "gateway/cli/exit_code.h"
#include "gateway/cli/settings_source.h"

namespace postern::cli {

class CommandLine {
 public:
  using Body = std::function<ExitCode(const CommonOptions&)>;

  CommandLine();
  // Parses, runs the one command that was named, and returns the process's exit code.
  int run(int argc, const char* const* argv);

  // A noun holds verbs: `postern domain`. The footer shows examples.
  CLI::App& noun(const std::string& name, const std::string& description, const std::string& examples);
  // A command of its own: `postern doctor`; hidden if the description is empty.
  CLI::App& command(const std::string& name, const std::string& description, Body body);
  // A noun's verb: `postern domain add`.
  CLI::App& verb(CLI::App& noun, const std::string& name, const std::string& description, Body body);
  // For a callback of its own, which has more to check.
  void choose(Body body) { chosen_ = std::move(body); }
  // An option whose value is one of these words.
  CLI::Option& one_of(CLI::Option& option, std::vector<std::string> words);

  // All that has been added so far, for the generators.
  CommandDoc documentation() const { return describe(app_, values_); }

 private:
  void give_body(CLI::App& command, Body body);

  CLI::App app_;
  CommonOptions common_;
  OptionValues values_;
  Body chosen_;
};

// In the order of `postern --help`.
void add_serve(CommandLine& line);
void add_demo(CommandLine& line);
void add_stop(CommandLine& line);
void add_migrate(CommandLine& line);
void add_check_config(CommandLine& line);
void add_doctor(CommandLine& line);
void add_tenant(CommandLine& line);
void add_plan(CommandLine& line);
void add_domain(CommandLine& line);
void add_account(CommandLine& line);
void add_apply(CommandLine& line);
void add_alias(CommandLine& line);
void add_feature(CommandLine& line);
void add_app_password(CommandLine& line);
void add_administrator(CommandLine& line);
void add_token(CommandLine& line);
void add_record_lists(CommandLine& line);  // usage, feature-event, audit
void add_device(CommandLine& line);
void add_device_rule(CommandLine& line);
void add_session(CommandLine& line);
void add_policy(CommandLine& line);
void add_queue(CommandLine& line);
void add_quota(CommandLine& line);
void add_retention(CommandLine& line);
void add_recover(CommandLine& line);
void add_import(CommandLine& line);
void add_export(CommandLine& line);
void add_backup(CommandLine& line);
void add_completion(CommandLine& line);
void add_man(CommandLine& line);
void add_worker(CommandLine& line);  // hidden: what the supervisor starts

}  // namespace postern::cli
