#include "protocols/imap/grammar/search_tree.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace postern::imap {

bool SearchTree::open(SearchKind kind) {
  if (kind == SearchKind::conjunction && ++parentheses_ > kSearchDepthMax) return false;
  stack_.push_back({kind, {}});
  return true;
}

bool SearchTree::add(SearchKey key) {
  if (++keys_ > kSearchKeysMax) return false;
  const std::size_t depth = key.children.empty() ? 1 : 3;  // a leaf of the grammar is at most NEW
  return attach({std::move(key), depth});
}

bool SearchTree::close() {
  Built built = build(std::move(stack_.back()));
  stack_.pop_back();
  --parentheses_;
  return attach(std::move(built));
}

bool SearchTree::attach(Built built) {
  while (true) {
    if (built.depth > kSearchDepthMax) return false;
    Open& top = stack_.back();
    top.children.push_back(std::move(built));
    const bool waits = top.kind == SearchKind::conjunction ||
                       (top.kind == SearchKind::disjunction && top.children.size() < 2);
    if (waits) return true;
    built = build(std::move(top));
    stack_.pop_back();
  }
}

SearchTree::Built SearchTree::build(Open open) {
  std::vector<Built>& children = open.children;
  if (open.kind == SearchKind::conjunction && children.size() == 1) return std::move(children.front());
  if (open.kind == SearchKind::negation && children.front().key.kind == SearchKind::negation) {
    SearchKey inner = std::move(children.front().key.children.front());
    return {std::move(inner), children.front().depth - 1};
  }
  Built built;
  built.key.kind = open.kind;
  // The larger disjunction takes in the other: a chain of n costs n, however it leans.
  const auto is_disjunction = [](const Built& child) { return child.key.kind == SearchKind::disjunction; };
  if (is_disjunction(built) && !is_disjunction(children[0]) && is_disjunction(children[1])) {
    std::swap(children[0], children[1]);
  }
  for (Built& child : children) {
    const bool joins = is_disjunction(built) && is_disjunction(child);
    built.depth = std::max(built.depth, joins ? child.depth : child.depth + 1);
    std::vector<SearchKey>& siblings = built.key.children;
    if (!joins) {
      siblings.push_back(std::move(child.key));
    } else if (siblings.size() < child.key.children.size()) {
      siblings.swap(child.key.children);
      std::move(child.key.children.begin(), child.key.children.end(), std::back_inserter(siblings));
    } else {
      std::move(child.key.children.begin(), child.key.children.end(), std::back_inserter(siblings));
    }
  }
  return built;
}

SearchKey SearchTree::finish() {
  return build(std::move(stack_.front())).key;
}

}  // namespace postern::imap
