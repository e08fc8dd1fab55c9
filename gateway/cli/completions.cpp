#include "gateway/cli/completions.h"

#include <fmt/format.h>

#include <functional>

namespace postern::cli {

namespace {

// Calls with the words that lead to each command, "" for the program itself, and the options of those above
// it.
using Visit =
    std::function<void(const std::string& path, const CommandDoc&, const std::vector<OptionDoc>& above)>;
void walk(const CommandDoc& command, const std::string& path, const std::vector<OptionDoc>& above,
          const Visit& visit) {
  visit(path, command, above);
  std::vector<OptionDoc> below = above;
  for (const OptionDoc& option : command.options) {
    // Each command has a --help of its own, and only the program has a --version.
    const bool is_own = option.names[0] == "--help" || option.names[0] == "--version";
    if (!option.positional && !is_own) below.push_back(option);
  }
  for (const CommandDoc& child : command.commands) {
    walk(child, path.empty() ? child.name : path + " " + child.name, below, visit);
  }
}

std::vector<OptionDoc> all_options(const CommandDoc& command, std::vector<OptionDoc> above) {
  above.insert(above.end(), command.options.begin(), command.options.end());
  return above;
}

// Inside single quotes of a shell.
std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

bool wants_path(const OptionDoc& option) {
  return option.placeholder == "FILE" || option.placeholder == "DIR";
}

std::string bash_case(const std::string& path, const CommandDoc& command,
                      const std::vector<OptionDoc>& above) {
  std::vector<std::string> words;
  std::string values;
  bool takes_path = false;
  for (const CommandDoc& child : command.commands) words.push_back(child.name);
  for (const OptionDoc& option : all_options(command, above)) {
    if (option.positional) {
      words.insert(words.end(), option.values.begin(), option.values.end());
      takes_path = takes_path || wants_path(option);
      continue;
    }
    words.insert(words.end(), option.names.begin(), option.names.end());
    const std::string names = fmt::format("{}", fmt::join(option.names, "|"));
    if (!option.values.empty()) {
      values += fmt::format("      {}) words={}; return ;;\n", names, shell_quoted(joined(option.values)));
    } else if (wants_path(option)) {
      values += fmt::format("      {}) files=1; return ;;\n", names);
    } else if (!option.placeholder.empty()) {
      values += fmt::format("      {}) return ;;\n", names);
    }
  }
  std::string text = fmt::format("    {})\n", shell_quoted(path));
  if (!values.empty()) text += "      case $previous in\n" + values + "      esac\n";
  if (takes_path) text += "      case $current in -*) ;; *) files=1 ;; esac\n";
  return text + fmt::format("      words={} ;;\n", shell_quoted(joined(words)));
}

// _arguments' own marks in a description.
std::string zsh_text(std::string text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(const OptionDoc& option) {
  if (!option.values.empty()) return "(" + joined(option.values) + ")";
  return wants_path(option) ? "_files" : " ";
}

std::string zsh_specs(const CommandDoc& command, const std::vector<OptionDoc>& above) {
  std::string text;
  for (const OptionDoc& option : all_options(command, above)) {
    const std::string about = zsh_text(option.description);
    if (option.positional) {
      const std::string head = option.repeatable ? "*" : option.required ? "" : ":";
      text += " " + shell_quoted(head + ":" + zsh_text(option.names[0]) + ":" + zsh_action(option));
      continue;
    }
    for (const std::string& name : option.names) {
      std::string spec = (option.repeatable ? "*" : "") + name + "[" + about + "]";
      if (!option.placeholder.empty()) spec += ":" + zsh_text(option.placeholder) + ":" + zsh_action(option);
      text += " " + shell_quoted(spec);
    }
  }
  return text;
}

}  // namespace

std::string bash_completion(const CommandDoc& program) {
  std::string cases;
  std::string commands;
  walk(program, "", {}, [&](const std::string& path, const CommandDoc& command, const auto& above) {
    cases += bash_case(path, command, above);
    if (!path.empty()) commands += fmt::format("      {}) path=$next ;;\n", shell_quoted(path));
  });
  return fmt::format(R"sh(# bash completion of {0}; made by `{0} completion bash`.
_{0}_words() {{
  case $path in
{1}  esac
}}
_{0}() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} path='' next word words='' files=''
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    next=${{path:+$path }}$word
    case $next in
{2}    esac
  done
  _{0}_words
  if [ -n "$files" ]; then
    compopt -o filenames 2> /dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  fi
}}
complete -F _{0} {0}
)sh",
                     program.name, cases, commands);
}

std::string zsh_completion(const CommandDoc& program) {
  std::string cases;
  walk(program, "", {}, [&](const std::string& path, const CommandDoc& command, const auto& above) {
    cases += fmt::format("    {})\n", shell_quoted(path));
    if (command.commands.empty()) {
      cases += "      _arguments -s" + zsh_specs(command, above) + " ;;\n";
      return;
    }
    cases += "      commands=(";
    for (const CommandDoc& child : command.commands) {
      cases += " " + shell_quoted(child.name + ":" + zsh_text(child.description));
    }
    cases += ")\n      _describe command commands\n      _arguments -s" + zsh_specs(command, above) + " ;;\n";
  });
  std::string commands;
  walk(program, "", {}, [&](const std::string& path, const CommandDoc&, const auto&) {
    if (!path.empty()) commands += fmt::format("      {}) typed=$next; at=$i ;;\n", shell_quoted(path));
  });
  return fmt::format(R"sh(#compdef {0}
# zsh completion of {0}; made by `{0} completion zsh`.
_{0}() {{
  local typed='' next i at=1  # zsh's own "path" is where programs are
  local -a commands
  for (( i = 2; i < CURRENT; i++ )); do
    next="${{typed:+$typed }}${{words[i]}}"
    case $next in
{1}    esac
  done
  shift $(( at - 1 )) words
  (( CURRENT -= at - 1 ))
  case $typed in
{2}  esac
}}
_{0} "$@"
)sh",
                     program.name, commands, cases);
}

std::string fish_completion(const CommandDoc& program) {
  std::string text = fmt::format(
      "# fish completion of {0}; made by `{0} completion fish`.\ncomplete -c {0} -f\n", program.name);
  walk(program, "", {}, [&](const std::string& path, const CommandDoc& command, const auto&) {
    // The command's words have been typed; for its children, none of them yet.
    std::string here = "true";
    const std::size_t space = path.find(' ');
    if (!path.empty()) here = "__fish_seen_subcommand_from " + path.substr(0, space);
    if (space != std::string::npos) here += "; and __fish_seen_subcommand_from " + path.substr(space + 1);
    std::string children;
    for (const CommandDoc& child : command.commands) children += " " + child.name;
    for (const CommandDoc& child : command.commands) {
      text += fmt::format("complete -c {} -n {} -a {} -d {}\n", program.name,
                          shell_quoted(here + "; and not __fish_seen_subcommand_from" + children), child.name,
                          shell_quoted(child.description));
    }
    for (const OptionDoc& option : command.options) {
      std::string line = fmt::format("complete -c {} -n {}", program.name, shell_quoted(here));
      for (const std::string& name : option.names) {
        if (!option.positional)
          line += (name.starts_with("--") ? " -l " : " -s ") + name.substr(name.find_first_not_of('-'));
      }
      if (option.positional && option.values.empty() && !wants_path(option)) continue;
      if (!option.positional && !option.placeholder.empty()) line += " -r";
      if (!option.values.empty()) line += " -a " + shell_quoted(joined(option.values));
      if (wants_path(option)) line += " -F";
      text += line + " -d " + shell_quoted(option.description) + "\n";
    }
  });
  return text;
}

}  // namespace postern::cli
