// Members of a request's body and parameters of its query, read one by one. What is wrong is gathered with
// its name, and told all at once; what nobody asked for is wrong, too. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "protocols/admin/answer.h"
#include "storage/listings.h"
#include "storage/model/account.h"

namespace postern::admin {

constexpr std::size_t kTextOctetsMax = 1000;

class Fields {
 public:
  explicit Fields(const Json& body) : body_(body) {}

  // Absent, or wrong (which is noted): nullopt.
  std::optional<std::string> text(const char* name);
  std::optional<bool> flag(const char* name);
  std::optional<std::uint64_t> number(const char* name, std::uint64_t least, std::uint64_t most);
  // From -size_max to size_max.
  std::optional<std::int64_t> signed_number(const char* name, std::int64_t size_max);
  // A limit, or null for none.
  std::optional<std::optional<std::uint64_t>> limit(const char* name, std::uint64_t least);
  std::optional<std::vector<std::string>> texts(const char* name, std::size_t count_max);
  // true, false, or null for no word of its own, by the names of features.
  FeatureEdits features();
  const Json* object(const char* name);
  std::optional<WallTime> time(const char* name);

  // The same, and noted if it is absent.
  std::string need_text(const char* name);
  std::string need_long_text(const char* name, std::size_t octets_max);  // of several lines
  std::uint64_t need_number(const char* name, std::uint64_t least, std::uint64_t most);

  // It may be there; somebody else reads it.
  void ask(const char* name) { known_.insert(name); }
  void wrong(std::string member, std::string detail) {
    errors_.emplace_back(std::move(member), std::move(detail));
  }
  // What is to be answered, if anything was wrong. Call it after all members have been asked for.
  std::optional<Answer> refusal();

 private:
  const Json* find(const char* name);
  const Json& body_;
  std::set<std::string> known_;
  std::vector<MemberError> errors_;
};

class Query {
 public:
  explicit Query(const std::string& query) : query_(query) {}

  std::optional<std::string> text(const char* name);
  std::optional<std::int64_t> number(const char* name);
  std::optional<TenantId> tenant();
  std::optional<std::string> domain();  // in lower case
  std::optional<Feature> feature();
  std::optional<WallTime> time(const char* name);
  bool flag(const char* name);
  // One of the words; nullopt: absent.
  std::optional<std::string> word(const char* name, const std::vector<std::string>& words);
  // `limit` and `after`.
  PageRange page();
  void wrong(const char* name, const char* detail) { errors_.emplace_back(name, detail); }

  std::optional<Answer> refusal();

 private:
  const std::string& query_;
  std::set<std::string> known_;
  std::vector<MemberError> errors_;
};

// {"items": […], "next": …}: of one item more than were asked for the last is left out, and the key of the
// one before becomes `next`.
template <class Entry, class ToJson, class KeyOf>
Answer list_of(const std::vector<Entry>& entries, const PageRange& range, const ToJson& to_json,
               const KeyOf& key_of);

// The cursor of a key, as clients see it, and back. nullopt: not one of ours.
std::string cursor_of(std::string_view key);
std::optional<std::string> key_of_cursor(std::string_view cursor);
// One more than the page has, to know whether there is another.
PageRange one_more(PageRange range);

template <class Entry, class ToJson, class KeyOf>
Answer list_of(const std::vector<Entry>& entries, const PageRange& range, const ToJson& to_json,
               const KeyOf& key_of) {
  Json body;
  body["items"] = Json::array();
  const std::size_t shown = std::min<std::size_t>(entries.size(), range.items_max);
  for (std::size_t i = 0; i < shown; ++i) body["items"].push_back(to_json(entries[i]));
  body["next"] = entries.size() > shown ? Json(cursor_of(key_of(entries[shown - 1]))) : Json();
  return Answer(200, std::move(body));
}
// Of all that there are.
template <class Entry, class ToJson>
Answer whole_list_of(const std::vector<Entry>& entries, const ToJson& to_json) {
  Json body;
  body["items"] = Json::array();
  for (const Entry& entry : entries) body["items"].push_back(to_json(entry));
  body["next"] = Json();
  return Answer(200, std::move(body));
}

}  // namespace postern::admin
