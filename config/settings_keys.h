// The key list as a visitor of settings_rows.h: "imap", "imap.endpoints", "imap.endpoints.port", …
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "config/settings_rows.h"

namespace postern {

class SettingsKeys {
 public:
  template <class S>
  void section(const char* key, S& section) {
    below(key, section);
  }
  template <class S>
  void list(const char* key, std::vector<S>&, std::size_t) {
    S element;
    below(key, element);
  }
  template <class N>
  void number(const char* key, N&, Bounds) {
    add(key);
  }
  void flag(const char* key, bool&) { add(key); }
  void text(const char* key, std::string&, TextCheck) { add(key); }
  void choice(const char* key, std::string&, std::initializer_list<const char*>) { add(key); }
  void texts(const char* key, std::vector<std::string>&, TextCheck) { add(key); }
  void path(const char* key, std::string&, FileMode) { add(key); }
  void database_url(const char* key, std::string&) { add(key); }
  void secret(const char* key, Secret&) {
    add(key);
    add(std::string(key) + "_file");
  }

  std::vector<std::string> keys;

 private:
  void add(const std::string& key) { keys.push_back(prefix_ + key); }
  template <class S>
  void below(const std::string& key, S& section) {
    add(key);
    const std::string outer = prefix_;
    prefix_ += key + ".";
    rows_of(*this, section);
    prefix_ = outer;
  }

  std::string prefix_;
};

}  // namespace postern
