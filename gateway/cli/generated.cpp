// postern completion, postern man: what packagers and shells take from the tree of commands.
#include <cstdio>
#include <fstream>

#include "gateway/cli/command_line.h"
#include "gateway/cli/completions.h"
#include "gateway/cli/man_pages.h"

namespace postern::cli {

namespace {

using Generator = std::string (*)(const CommandDoc&);

ExitCode write_pages(const CommandLine& line, const CommonOptions& common, const std::string& directory) {
  for (const ManPage& page : man_pages(line.documentation(), POSTERN_VERSION)) {
    const std::string path = directory + "/" + page.file;
    std::ofstream file(path, std::ios::binary);
    file << page.text << std::flush;
    if (file) continue;
    print_error(common.output, Error(ErrorKind::unavailable, path + " cannot be written"));
    return ExitCode::failed;
  }
  return ExitCode::ok;
}

}  // namespace

void add_completion(CommandLine& line) {
  CLI::App& noun = line.noun("completion", "Completion of these commands in a shell",
                             R"(  postern completion bash > /usr/share/bash-completion/completions/postern
  postern completion zsh  > /usr/share/zsh/vendor-completions/_postern
  postern completion fish > /usr/share/fish/vendor_completions.d/postern.fish
)");
  const auto shell = [&](const char* name, const char* description, Generator generate) {
    line.verb(noun, name, description, [&line, generate](const CommonOptions&) {
      const std::string script = generate(line.documentation());
      std::fwrite(script.data(), 1, script.size(), stdout);
      return ExitCode::ok;
    });
  };
  shell("bash", "For bash", bash_completion);
  shell("zsh", "For zsh", zsh_completion);
  shell("fish", "For fish", fish_completion);
}

void add_man(CommandLine& line) {
  const auto directory = std::make_shared<std::string>();
  CLI::App& command = line.command(
      "man", "Write the manual pages",
      [&line, directory](const CommonOptions& common) { return write_pages(line, common, *directory); });
  command.add_option("directory", *directory, "Where to, e.g. /usr/share/man/man1")
      ->required()
      ->type_name("DIR");
}

}  // namespace postern::cli
