// Strings that have broken SQL, UTF-8 decoders and wildcards elsewhere, and 10,000 mixtures of them.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace postern::tests {

inline std::vector<std::string> hostile_strings(std::size_t count = 10000) {
  const std::vector<std::string> parts{
      "'",
      "''",
      "\"",
      "\\",
      "\\'",
      "`",
      "$$",
      "$1",
      "$tag$",
      ";",
      "--",
      "/*",
      "*/",
      "%",
      "_",
      "%u0027",
      "%27",
      "?",
      ":name",
      "{}",
      "\\x00",
      "\\000",
      "E'\\''",
      "' OR '1'='1",
      "'; DROP TABLE accounts;--",
      ") UNION SELECT ",
      "NULL",
      "\xCA\xBC",
      "\xEF\xBC\x87",
      "\xE2\x80\x99",
      "\xC0\xA7",
      "\xC3",
      "\xC3\x28",
      "\xE2\x82",
      "\xF0\x9F\x98\x80",
      "\xF5\x80\x80\x80",
      "\xED\xA0\x80",
      "\xEF\xBB\xBF",
      "\xE2\x80\xAE",
      std::string(1, '\0'),
      "\x01",
      "\x1B[31m",
      "\r\n",
      "\t",
      " ",
      "\x7F",
      "/",
      "..",
      "../",
      "~",
      "&",
      "&AAA-",
      "&-",
      "*",
      "a",
      "Z",
      "9",
      "\xC3\xBC",
      "e\xCC\x81",
      "+",
      "-",
      ".",
      ",",
      "<",
      ">",
      "(",
      ")",
      "[",
      "]",
      "|",
      "#",
      "!",
      "^",
      "=",
      "copy x to program 'id'",
  };
  std::vector<std::string> strings(parts);
  std::mt19937 random(1502);
  while (strings.size() < count) {
    std::string text;
    for (std::size_t n = 1 + random() % 6; n > 0; --n) text += parts[random() % parts.size()];
    strings.push_back(std::move(text));
  }
  return strings;
}

}  // namespace postern::tests
