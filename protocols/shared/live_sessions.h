// LiveSessions: which accounts are signed in on which connections of this process, and what of that has
// changed since it was last told. A connection that comes and goes between two tellings is never told.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "storage/model/session.h"

namespace postern {

class LiveSessions {
 public:
  static constexpr std::size_t kClientOctetsMax = 200;

  // An account has signed in. With every request, if the door asks so; another account on the same connection
  // takes its place.
  void begun(LiveSession session);
  // What the client calls itself.
  void named(std::uint64_t session, std::string client);
  // The connection is over, whether or not anybody had signed in.
  void ended(std::uint64_t session);

  struct Changes {
    std::vector<LiveSession> begun;
    std::vector<std::uint64_t> ended;
  };
  // Since the last call; what it gives counts as told.
  Changes take();
  // It could not be told, or perhaps not: it comes again.
  void not_told(Changes changes);
  // Everything comes again.
  void tell_all();

 private:
  struct Known {
    LiveSession session;
    bool signed_in = false;
    bool told = false;     // the number may be known outside
    bool current = false;  // … as it is now
  };
  std::map<std::uint64_t, Known> known_;
  std::vector<std::uint64_t> ended_;
};

}  // namespace postern
