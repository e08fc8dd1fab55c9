// Real-looking mail, the same for every server and every run: plain text, text beside HTML, attachments in
// base64. A message is known by its number, and what a search must find follows from the number.
#pragma once

#include <cstdint>
#include <string>

namespace postern::bench {

enum class Sizes {
  small,  // 2 KB, and every fourth 20 KB
  mixed,  // from 2 KB to 4 MB, median about 16 KB, mean about 100 KB
  given,  // as many octets as asked for, in attachments
};

// What search workloads ask for; each is in one message of as many.
inline constexpr std::uint64_t kRareSenderEvery = 500;
inline constexpr std::uint64_t kRareSubjectEvery = 1000;
inline constexpr std::uint64_t kRareWordEvery = 1000;
inline constexpr const char* kRareSender = "rare.sender@customers.example";
inline constexpr const char* kRareSubject = "quarterly ledger";
inline constexpr const char* kRareWord = "zephyranthes";

// How many of the messages 0 … count-1 carry it.
constexpr std::uint64_t count_of_rare(std::uint64_t count, std::uint64_t every) {
  return (count + every - 1) / every;
}

class Messages {
 public:
  // `run` goes into every Message-ID: what is delivered in another run is another message.
  Messages(Sizes sizes, std::string run, std::uint64_t given_octets = 0);

  // CRLF line ends, at its end too, and no line that begins with a dot.
  std::string octets(std::uint64_t number) const;
  std::string message_id(std::uint64_t number) const;

 private:
  std::uint64_t size_of(std::uint64_t number) const;
  std::string text(std::uint64_t seed, std::uint64_t octets) const;
  std::string attachment(std::uint64_t seed, std::uint64_t octets) const;

  Sizes sizes_;
  std::string run_;
  std::uint64_t given_octets_;
  std::string prose_;   // lines of words
  std::string base64_;  // lines of 76 characters
};

}  // namespace postern::bench
