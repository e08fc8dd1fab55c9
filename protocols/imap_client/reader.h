// Reader: goes through a response from left to right; the first thing that is not as it should be ends it.
#pragma once

#include <string>
#include <string_view>

#include "protocols/imap_client/response.h"

namespace postern::imap_client {

class Reader {
 public:
  explicit Reader(const Response& response) : response_(response) {}

  bool take(std::string_view word);  // without case; stays where it is if it is not there
  bool peek(char c) const { return at_ < text().size() && text()[at_] == c; }
  bool at_end() const { return at_ >= text().size(); }
  std::string_view atom();  // up to a space, a bracket of lists, or the end
  std::optional<std::uint64_t> number();
  // A quoted string, a literal, an atom; nullopt: NIL, or nothing of the kind.
  std::optional<std::string> string();
  // The words of "(a b c)"; a list in it is passed over.
  std::vector<std::string> words();
  // One value of whatever kind, lists to any depth.
  void pass_over();
  bool failed() const { return failed_; }

 private:
  std::string_view text() const { return response_.text; }
  std::optional<std::string> quoted();
  std::optional<std::string> literal();
  void fail() {
    failed_ = true;
    at_ = text().size();
  }

  const Response& response_;
  std::size_t at_ = 0;
  std::size_t literal_ = 0;
  bool failed_ = false;
};

}  // namespace postern::imap_client
