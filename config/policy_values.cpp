#include "config/policy_values.h"

#include "config/settings_rows.h"
#include "gateway/base/text.h"

namespace postern {

namespace {

class Assignment {
 public:
  Assignment(std::string_view name, std::string_view value) : name_(name), value_(value) {}

  void flag(const char* key, bool& value) {
    if (!is_mine(key)) return;
    if (value_ != "true" && value_ != "false") return expect("true or false");
    value = value_ == "true";
  }
  void number(const char* key, std::uint32_t& value, Bounds bounds) {
    if (!is_mine(key)) return;
    const auto parsed = text::number(value_, bounds.most);
    if (!parsed || *parsed < bounds.least) {
      return expect("a number from " + std::to_string(bounds.least) + " to " + std::to_string(bounds.most));
    }
    value = static_cast<std::uint32_t>(*parsed);
  }

  Result<void> outcome() const {
    if (!known_) return Error(ErrorKind::invalid, "no policy has a value \"" + text::printable(name_) + "\"");
    if (!expected_.empty()) return Error(ErrorKind::invalid, std::string(name_) + ": expected " + expected_);
    return {};
  }

 private:
  bool is_mine(std::string_view key) {
    known_ = known_ || key == name_;
    return key == name_;
  }
  void expect(std::string what) { expected_ = std::move(what); }

  const std::string_view name_;
  const std::string_view value_;
  bool known_ = false;
  std::string expected_;
};

class Listing {
 public:
  void flag(const char* key, bool& value) { add(key, value ? "true" : "false"); }
  void number(const char* key, std::uint32_t& value, Bounds) { add(key, std::to_string(value)); }

  std::vector<std::string> values;

 private:
  void add(const char* key, const std::string& value) { values.push_back(std::string(key) + '=' + value); }
};

}  // namespace

Result<void> apply_policy_value(PolicySettings& policy, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) return Error(ErrorKind::invalid, "expected name=value");
  Assignment visitor(assignment.substr(0, equals), assignment.substr(equals + 1));
  rows_of(visitor, policy);
  return visitor.outcome();
}

std::vector<std::string> policy_values(const PolicySettings& policy) {
  PolicySettings copy = policy;  // the rows are shared with the reader, which needs to write
  Listing listing;
  rows_of(listing, copy);
  return std::move(listing.values);
}

}  // namespace postern
