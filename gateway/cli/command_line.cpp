#include "gateway/cli/command_line.h"

#include <map>

namespace postern::cli {

namespace {

constexpr const char* kFooter = R"(
Settings are read from --config FILE, else from $POSTERN_CONFIG, else from /etc/postern/postern.yaml;
--data DIR means a demo's, DIR/postern.yaml.

Exit codes: 0 done; 1 refused, not found, or a check found a problem; 2 wrong usage;
3 mistakes in the settings; 4 the database cannot answer.

Start with:
  postern demo                                  a server with three accounts, ready in seconds
  postern domain add example.org
  postern account add joe@example.org
  postern serve --config /etc/postern/postern.yaml
)";

}  // namespace

CommandLine::CommandLine() : app_("Postern: one mailbox through POP3, IMAP and Mobile Sync") {
  app_.name("postern");
  app_.set_version_flag("--version", std::string("postern ") + POSTERN_VERSION);
  app_.footer(kFooter);
  app_.require_subcommand(1);
  app_.fallthrough();
  app_.add_option("--config", common_.config, "File with the settings")->type_name("FILE");
  app_.add_option("--data", common_.data_directory, "Data directory of a demo")->type_name("DIR");
  const std::map<std::string, OutputFormat> formats{{"table", OutputFormat::table},
                                                    {"json", OutputFormat::json},
                                                    {"ndjson", OutputFormat::ndjson},
                                                    {"csv", OutputFormat::csv}};
  CLI::Option* output =
      app_.add_option("--output", common_.output,
                      "table for people; json, ndjson (a line for each row) or csv for programs")
          ->transform(CLI::CheckedTransformer(formats).description(""))
          ->type_name("FORMAT");
  for (const auto& entry : formats) values_[output].push_back(entry.first);
}

CLI::Option& CommandLine::one_of(CLI::Option& option, std::vector<std::string> words) {
  // Without CLI11's own list of the words, which the descriptions have already.
  option.check(CLI::IsMember(words).description(""));
  values_[&option] = std::move(words);
  return option;
}

CLI::App& CommandLine::noun(const std::string& name, const std::string& description,
                            const std::string& examples) {
  CLI::App& noun = *app_.add_subcommand(name, description);
  noun.require_subcommand(1);
  noun.fallthrough();
  noun.footer("\nExamples:\n" + examples);
  return noun;
}

CLI::App& CommandLine::command(const std::string& name, const std::string& description, Body body) {
  CLI::App& command = *app_.add_subcommand(name, description);
  // CLI11 leaves commands of the empty group out of the help.
  if (description.empty()) command.group("");
  give_body(command, std::move(body));
  return command;
}

CLI::App& CommandLine::verb(CLI::App& noun, const std::string& name, const std::string& description,
                            Body body) {
  CLI::App& command = *noun.add_subcommand(name, description);
  give_body(command, std::move(body));
  return command;
}

void CommandLine::give_body(CLI::App& command, Body body) {
  command.fallthrough();
  command.callback([this, body = std::move(body)] { chosen_ = body; });
}

int CommandLine::run(int argc, const char* const* argv) {
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& stopped) {
    // --help and --version end parsing as well, with exit code 0.
    return app_.exit(stopped) == 0 ? static_cast<int>(ExitCode::ok) : static_cast<int>(ExitCode::usage);
  }
  return static_cast<int>(chosen_(common_));
}

}  // namespace postern::cli
