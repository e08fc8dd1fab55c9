#include "tests/support/transcript.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

#include "gateway/base/text.h"

namespace postern::tests {

namespace {

constexpr std::array<std::string_view, 19> kWithRest{
    "full",    "settings", "workers", "account",  "profile", "alias", "feature", "device",  "policy", "limit",
    "mailbox", "message",  "client",  "database", "C",       "send",  "S",       "request", "answer"};
constexpr std::array<std::string_view, 4> kAlone{"starttls", "closed", "close", "stop"};

bool contains(const auto& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::vector<TranscriptStep> read_transcript(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<TranscriptStep> steps;
  std::string text;
  for (int line = 1; std::getline(file, text); ++line) {
    const std::string_view trimmed = text::trim(text);
    if (trimmed.empty() || trimmed.front() == '#') continue;
    // XML belongs to the request or answer above it.
    if (trimmed.front() == '<' && !steps.empty()) {
      steps.back().xml += std::string(trimmed) + '\n';
      continue;
    }
    TranscriptStep step;
    step.line = line;
    const std::size_t colon = text.find(':');
    if (contains(kAlone, trimmed)) {
      step.verb = trimmed;
    } else if (colon != std::string::npos) {
      step.verb = text::trim(std::string_view(text).substr(0, colon));
      // One space belongs to the format, further ones to the line.
      step.rest = text.substr(std::min(text.size(), colon + 2));
      if (step.verb == "send file") step.rest = text::trim(step.rest);
    }
    if (!contains(kAlone, step.verb) && !contains(kWithRest, step.verb) && step.verb != "send file") {
      throw std::runtime_error(path + ":" + std::to_string(line) + ": what is \"" + text + "\"?");
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

std::string unescape(const std::string& text) {
  std::string octets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      octets += text[i];
      continue;
    }
    switch (const char escaped = text[++i]) {
      case 'r': octets += '\r'; break;
      case 'n': octets += '\n'; break;
      case 't': octets += '\t'; break;
      case '0': octets += '\0'; break;
      case 'x':
        octets += text::unhex(std::string_view(text).substr(i + 1, 2)).value_or("?");
        i += 2;
        break;
      default: octets += escaped;
    }
  }
  return octets;
}

}  // namespace postern::tests
