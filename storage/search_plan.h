// SearchPlan: criteria prepared for being asked of many messages. The answer is yes, no, or not known yet, so
// that a message is decided by what is cheapest to have: state in memory, then the text index, then facts,
// the parsed structure, octets.
#pragma once

#include <functional>

#include "storage/mailbox_index.h"
#include "storage/mime/part.h"
#include "storage/model/message.h"
#include "storage/model/search.h"
#include "storage/search_slice.h"

namespace postern {

enum class Truth : std::uint8_t { no, yes, unknown };

// What the text index says of one message and one needle.
struct IndexedNeedle {
  bool found = false;
  SliceKinds open = 0;  // those of the needle's kinds that have not been looked at; none: it is not there
};

// What is known of one message. What is null is not known yet.
struct SearchEvidence {
  const MessageState* state = nullptr;  // always
  const IndexedFacts* indexed = nullptr;
  const IndexedNeedle* indexed_needles = nullptr;  // one for each needle
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
  // What slices may help: of all needles, and facts if dates or sizes are asked for.
  SliceKinds kinds() const { return kinds_; }
  bool asks_bodies() const { return asks_bodies_; }

  // A text that is looked for. The octets may have to be asked for it.
  struct Needle {
    SearchKind kind = SearchKind::text;  // header, body or text
    std::string field;                   // of header
    std::string folded;
    SliceKinds kinds = 0;  // where the index would have it; kNotIndexed: nowhere
  };
  static constexpr SliceKinds kNotIndexed = 1;  // no SliceKind's bit
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
  Truth needle_found(std::size_t number, const SearchEvidence& evidence) const;

  std::vector<Node> nodes_;
  std::vector<Needle> needles_;
  bool asks_facts_ = false;
  bool asks_bodies_ = false;
  SliceKinds kinds_ = 0;
};

// Calls f with each folded text that a header field has in the structure: as it stands, and names as people
// see them, without quoting and joined where encoded-words split them. f returns whether to go on.
void each_field_text(const mime::Structure& structure, std::string_view field,
                     const std::function<bool(std::string_view)>& f);

// The days that a message has for dates in its header and for its arrival.
std::optional<std::chrono::sys_days> sent_day(const mime::Structure& structure);
std::chrono::sys_days internal_day(const MessageFacts& facts);

}  // namespace postern
