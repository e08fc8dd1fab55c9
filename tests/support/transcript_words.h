// The ${…} of transcripts: filled in where the client speaks, matched where the server does.
#pragma once

#include <map>
#include <string>

namespace postern::tests {

class TranscriptWords {
 public:
  // Throws on a name that has not been captured.
  std::string fill_in(const std::string& text) const;
  // True if the line is what the pattern says; captures what it names for the first time.
  bool matches(const std::string& pattern, const std::string& line);

 private:
  std::map<std::string, std::string> captured_;
};

// The octets of a message of tests/support/corpus, line ends as CRLF.
std::string corpus_message(const std::string& name);

}  // namespace postern::tests
