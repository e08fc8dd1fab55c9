// SearchPlan: criteria prepared for being asked of many messages. The answer is yes, no, or not known yet, so
// that a message is decided by what is cheapest to have: state in memory, then facts, then the parsed
// structure, then octets.
#pragma once

#include "storage/mailbox_index.h"
#include "storage/mime/part.h"
#include "storage/model/message.h"
#include "storage/model/search.h"

namespace postern {

enum class Truth : std::uint8_t { no, yes, unknown };

// What is known of one message. What is null is not known yet.
struct SearchEvidence {
  const MessageState* state = nullptr;  // always
  const MessageFacts* facts = nullptr;
  const mime::Structure* structure = nullptr;
  const std::vector<bool>* found = nullptr;  // by needle: seen in the octets
  bool octets_complete = false;              // what has not been found is not there
};

class SearchPlan {
 public:
  // invalid: deeper than kSearchDepthMax.
  static Result<SearchPlan> make(const SearchCriteria& criteria, const KeywordTable& keywords);

  Truth evaluate(const SearchEvidence& evidence) const { return evaluate(0, evidence); }
  bool asks_facts() const { return asks_facts_; }
  bool asks_bodies() const { return asks_bodies_; }

  // A text that is looked for. The octets may have to be asked for it.
  struct Needle {
    SearchKind kind = SearchKind::text;  // header, body or text
    std::string field;                   // of header
    std::string folded;
  };
  const std::vector<Needle>& needles() const { return needles_; }

 private:
  // In prefix order: children follow their parent.
  struct Node {
    SearchKind kind = SearchKind::all;
    std::size_t end = 0;  // one beyond its last descendant
    UidSet uids;
    std::uint8_t flag_bits = 0;
    std::vector<bool> keyword_sets;  // which sets have the keyword
    std::uint64_t number = 0;
    std::chrono::sys_days day{};
    std::size_t needle = 0;
  };

  Result<void> add(const SearchKey& key, const KeywordTable& keywords, std::size_t depth);
  void add_needle(Node& node, SearchKind kind, std::string field, const std::string& text);
  Truth evaluate(std::size_t index, const SearchEvidence& evidence) const;
  Truth evaluate_any(std::size_t index, const SearchEvidence& evidence, Truth deciding) const;
  Truth header_contains(const Needle& needle, std::size_t number, const SearchEvidence& evidence) const;

  std::vector<Node> nodes_;
  std::vector<Needle> needles_;
  bool asks_facts_ = false;
  bool asks_bodies_ = false;
};

// Whether a header field's text, decoded, contains the folded needle. `body` is what follows the colon.
bool field_contains(std::string_view body, std::string_view folded);

}  // namespace postern
