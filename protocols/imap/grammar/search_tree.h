// SearchTree: builds a query from keys that arrive in prefix order, with its own stack. Chains of NOT are
// folded by parity and chains of OR into one disjunction, so that only real nesting counts as depth.
#pragma once

#include <vector>

#include "storage/model/search.h"

namespace postern::imap {

constexpr std::size_t kSearchKeysMax = 10'000;

class SearchTree {
 public:
  SearchTree() { stack_.push_back({SearchKind::conjunction, {}}); }

  // Begins a conjunction in parentheses, a negation of the next key, or a disjunction of the next two.
  // False: too many parentheses are open.
  bool open(SearchKind kind);
  // A key, and with it the negations and disjunctions that were waiting for it. False: beyond a bound.
  bool add(SearchKey key);
  // The parenthesis that in_parentheses() found open.
  bool close();

  // A closing parenthesis may stand here.
  bool in_parentheses() const { return stack_.size() > 1 && stack_.back().kind == SearchKind::conjunction; }
  // Nothing is open.
  bool is_whole() const { return stack_.size() == 1; }
  SearchKey finish();

 private:
  struct Built {
    SearchKey key;
    std::size_t depth = 1;
  };
  struct Open {
    SearchKind kind;
    std::vector<Built> children;
  };
  bool attach(Built built);
  static Built build(Open open);

  std::vector<Open> stack_;
  std::size_t parentheses_ = 0;
  std::size_t keys_ = 0;
};

}  // namespace postern::imap
