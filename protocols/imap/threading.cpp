#include "protocols/imap/threading.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>

namespace postern::imap {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

// Messages by their place in the list, and places beyond it for dummies: parents that nobody has.
struct Forest {
  explicit Forest(std::vector<Threadable> sorted_messages)
      : messages(std::move(sorted_messages)), children(messages.size()) {}

  bool is_dummy(std::uint32_t node) const { return node >= messages.size(); }
  // A dummy is as old and as called as its first child.
  const Threadable& face(std::uint32_t node) const {
    return messages[is_dummy(node) ? children[node].front() : node];
  }
  std::uint32_t add_dummy(std::vector<std::uint32_t> its_children) {
    children.push_back(std::move(its_children));
    return static_cast<std::uint32_t>(children.size() - 1);
  }
  bool older(std::uint32_t a, std::uint32_t b) const {
    const Threadable& left = face(a);
    const Threadable& right = face(b);
    return left.sent != right.sent ? left.sent < right.sent : left.number < right.number;
  }
  void sort(std::vector<std::uint32_t>& nodes) const {
    std::sort(nodes.begin(), nodes.end(), [this](std::uint32_t a, std::uint32_t b) { return older(a, b); });
  }

  std::vector<Threadable> messages;
  std::vector<std::vector<std::uint32_t>> children;
};

// thread-list, with a stack of its own: a thread may be as deep as there are messages.
std::string text_of(const Forest& forest, const std::vector<std::uint32_t>& roots) {
  struct Step {
    std::uint32_t node;  // kNone: a parenthesis closes
  };
  std::string out;
  std::vector<Step> steps;
  for (auto root = roots.rbegin(); root != roots.rend(); ++root) steps.push_back({*root});
  while (!steps.empty()) {
    std::uint32_t node = steps.back().node;
    steps.pop_back();
    if (node == kNone) {
      out += ')';
      continue;
    }
    out += '(';
    if (!forest.is_dummy(node)) {
      out += std::to_string(forest.messages[node].number);
      while (forest.children[node].size() == 1) {
        node = forest.children[node].front();
        out += ' ' + std::to_string(forest.messages[node].number);
      }
      if (!forest.children[node].empty()) out += ' ';
    }
    steps.push_back({kNone});
    const auto& below = forest.children[node];
    for (auto child = below.rbegin(); child != below.rend(); ++child) steps.push_back({*child});
  }
  return out;
}

// Who is whose parent, before dummies are taken out. Whether a link would close a loop is asked of sets that
// are joined, never by walking up.
class Parentage {
 public:
  explicit Parentage(const std::vector<Threadable>& messages) : messages_(messages.size()) {
    for (std::uint32_t n = 0; n < messages.size(); ++n) add_node();
    for (std::uint32_t n = 0; n < messages.size(); ++n) {
      // Of messages with one id the first has it.
      if (!messages[n].message_id.empty()) nodes_.try_emplace(messages[n].message_id, n);
    }
    // What a message says of itself counts first, then what others say of it.
    for (std::uint32_t n = 0; n < messages.size(); ++n) {
      if (!messages[n].references.empty()) link(node_of(messages[n].references.back()), n);
    }
    for (const Threadable& message : messages) {
      for (std::size_t i = 1; i < message.references.size(); ++i) {
        link(node_of(message.references[i - 1]), node_of(message.references[i]));
      }
    }
  }

  // The nearest parent that is a message; kNone, and the uppermost dummy, if there is none.
  struct Place {
    std::uint32_t parent = kNone;
    std::uint32_t top = kNone;
  };
  Place place_of(std::uint32_t message) {
    std::vector<std::uint32_t> passed;
    std::uint32_t node = parents_[message];
    std::uint32_t top = kNone;
    while (node != kNone && node >= messages_) {
      passed.push_back(node);
      top = node;
      node = shortcuts_[node] != kNone ? shortcuts_[node] : parents_[node];
    }
    // The next who comes this way leaps.
    for (const std::uint32_t dummy : passed) {
      const std::uint32_t leap = node != kNone ? node : top;
      if (dummy != leap) shortcuts_[dummy] = leap;
    }
    return node != kNone ? Place{node, kNone} : Place{kNone, top};
  }

 private:
  std::uint32_t add_node() {
    const auto node = static_cast<std::uint32_t>(parents_.size());
    parents_.push_back(kNone);
    shortcuts_.push_back(kNone);
    sets_.push_back(node);
    return node;
  }
  std::uint32_t node_of(const std::string& id) {
    const auto [found, is_new] = nodes_.try_emplace(id, kNone);
    if (is_new) found->second = add_node();
    return found->second;
  }
  std::uint32_t set_of(std::uint32_t node) {
    while (sets_[node] != node) node = sets_[node] = sets_[sets_[node]];
    return node;
  }
  // Unless it has a parent, or would be its own ancestor: a node without a parent is in one set with its
  // descendants and nobody else.
  void link(std::uint32_t parent, std::uint32_t child) {
    if (parents_[child] != kNone || set_of(parent) == set_of(child)) return;
    parents_[child] = parent;
    sets_[set_of(child)] = set_of(parent);
  }

  const std::size_t messages_;
  std::unordered_map<std::string, std::uint32_t> nodes_;
  std::vector<std::uint32_t> parents_;
  std::vector<std::uint32_t> shortcuts_;  // of dummies
  std::vector<std::uint32_t> sets_;
};

std::vector<std::uint32_t> roots_by_references(Forest& forest) {
  Parentage parentage(forest.messages);
  std::vector<std::uint32_t> roots;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> below_dummies;
  for (std::uint32_t n = 0; n < forest.messages.size(); ++n) {
    const Parentage::Place place = parentage.place_of(n);
    if (place.parent != kNone) {
      forest.children[place.parent].push_back(n);
    } else if (place.top != kNone) {
      below_dummies[place.top].push_back(n);
    } else {
      roots.push_back(n);
    }
  }
  for (auto& below : forest.children) forest.sort(below);
  for (auto& [top, below] : below_dummies) {
    forest.sort(below);
    roots.push_back(below.size() == 1 ? below.front() : forest.add_dummy(std::move(below)));
  }
  forest.sort(roots);
  return roots;
}

// Threads that have lost their references and kept their subject (RFC 5256 §3, steps 5 and 6).
std::vector<std::uint32_t> joined_by_subject(Forest& forest, std::vector<std::uint32_t> roots) {
  std::unordered_map<std::string, std::uint32_t> by_subject;
  for (const std::uint32_t root : roots) {
    const std::string& subject = forest.face(root).subject;
    if (subject.empty()) continue;
    const auto [found, is_new] = by_subject.try_emplace(subject, root);
    if (is_new) continue;
    const std::uint32_t other = found->second;
    const bool better =
        (forest.is_dummy(root) && !forest.is_dummy(other)) ||
        (!forest.is_dummy(other) && forest.face(other).is_reply && !forest.face(root).is_reply);
    if (better) found->second = root;
  }
  std::vector<bool> taken(forest.children.size() + roots.size());
  std::vector<std::uint32_t> joined;
  for (const std::uint32_t root : roots) {
    if (taken[root]) continue;  // below a new dummy already
    const auto found = by_subject.find(forest.face(root).subject);
    if (found == by_subject.end() || found->second == root) {
      joined.push_back(root);
      continue;
    }
    const std::uint32_t other = found->second;
    const bool answers = forest.face(root).is_reply && !forest.face(other).is_reply;
    if (forest.is_dummy(other) && forest.is_dummy(root)) {
      const auto moved = std::move(forest.children[root]);
      forest.children[other].insert(forest.children[other].end(), moved.begin(), moved.end());
    } else if (forest.is_dummy(other) || (answers && !forest.is_dummy(root))) {
      forest.children[other].push_back(root);
    } else {
      found->second = forest.add_dummy({other, root});
      std::replace(joined.begin(), joined.end(), other, found->second);
      taken[other] = true;
      joined.push_back(found->second);
    }
  }
  // A root that was there before it came below a new dummy goes, and so does that dummy's second place.
  std::sort(joined.begin(), joined.end());
  joined.erase(std::unique(joined.begin(), joined.end()), joined.end());
  std::erase_if(joined, [&taken](std::uint32_t root) { return root < taken.size() && taken[root]; });
  for (const std::uint32_t root : joined) forest.sort(forest.children[root]);
  forest.sort(joined);
  return joined;
}

}  // namespace

std::uint64_t octets_of(const Threadable& message) {
  std::uint64_t octets = sizeof message + message.subject.capacity() + message.message_id.capacity() +
                         message.references.capacity() * sizeof(std::string);
  for (const std::string& id : message.references) octets += id.capacity();
  return octets;
}

std::vector<std::string> ids_in(std::string_view field) {
  std::vector<std::string> ids;
  for (std::size_t at = 0; (at = field.find('<', at)) != std::string_view::npos;) {
    const std::size_t end = field.find_first_of("<>", at + 1);
    if (end == std::string_view::npos) break;
    if (field[end] == '>' && end > at + 1) ids.emplace_back(field.substr(at + 1, end - at - 1));
    at = end;
  }
  if (ids.size() > kReferencesMax) ids.erase(ids.begin(), ids.end() - kReferencesMax);
  return ids;
}

std::string threads_by_subject(std::vector<Threadable> messages) {
  Forest forest(std::move(messages));
  std::vector<std::uint32_t> order(forest.messages.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&forest](std::uint32_t a, std::uint32_t b) {
    const int subjects = forest.messages[a].subject.compare(forest.messages[b].subject);
    return subjects != 0 ? subjects < 0 : forest.older(a, b);
  });
  std::vector<std::uint32_t> roots;
  for (const std::uint32_t node : order) {
    if (!roots.empty() && forest.messages[roots.back()].subject == forest.messages[node].subject) {
      forest.children[roots.back()].push_back(node);
    } else {
      roots.push_back(node);
    }
  }
  forest.sort(roots);
  return text_of(forest, roots);
}

std::string threads_by_references(std::vector<Threadable> messages) {
  Forest forest(std::move(messages));
  std::vector<std::uint32_t> roots = roots_by_references(forest);
  roots = joined_by_subject(forest, std::move(roots));
  return text_of(forest, roots);
}

}  // namespace postern::imap
