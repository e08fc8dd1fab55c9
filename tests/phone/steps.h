// What a script is made of: a step's name, and behind "=" what it is about.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/phone/phone.h"

namespace postern::phone {

struct Step {
  std::string_view name;
  std::string_view argument;  // what it is; empty: none
  std::string_view purpose;
  void (*run)(Phone& phone, const std::string& argument);
};

const std::vector<Step>& steps();
// "send=bob@example.test hello". Broken: no such step. With a question mark in front a step is passed over if
// the message that it names is not there: somebody else may have taken it away.
void run_step(Phone& phone, const std::string& word);

}  // namespace postern::phone
