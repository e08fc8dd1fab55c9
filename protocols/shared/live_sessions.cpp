#include "protocols/shared/live_sessions.h"

#include "gateway/base/text.h"

namespace postern {

namespace {

// Of a stranger: it goes into lists, and no further than its bound.
std::string shown(std::string_view client) {
  return text::printable(client, LiveSessions::kClientOctetsMax);
}

}  // namespace

void LiveSessions::begun(LiveSession session) {
  Known& known = known_[session.number];
  const bool same =
      known.signed_in && known.session.account == session.account && known.session.door == session.door;
  if (same) return;
  std::string client = session.client.empty() ? std::move(known.session.client) : shown(session.client);
  known.session = std::move(session);
  known.session.client = std::move(client);
  known.signed_in = true;
  known.current = false;
}

void LiveSessions::named(std::uint64_t session, std::string client) {
  Known& known = known_[session];
  known.session.client = shown(client);
  known.current = false;
}

void LiveSessions::ended(std::uint64_t session) {
  const auto found = known_.find(session);
  if (found == known_.end()) return;
  if (found->second.told) ended_.push_back(session);
  known_.erase(found);
}

LiveSessions::Changes LiveSessions::take() {
  Changes changes;
  changes.ended.swap(ended_);
  for (auto& [number, known] : known_) {
    if (!known.signed_in || known.current) continue;
    changes.begun.push_back(known.session);
    known.told = known.current = true;
  }
  return changes;
}

void LiveSessions::not_told(Changes changes) {
  ended_.insert(ended_.end(), changes.ended.begin(), changes.ended.end());
  for (const LiveSession& session : changes.begun) {
    const auto found = known_.find(session.number);
    if (found != known_.end()) found->second.current = false;
  }
}

void LiveSessions::tell_all() {
  for (auto& [number, known] : known_) known.current = false;
}

}  // namespace postern
