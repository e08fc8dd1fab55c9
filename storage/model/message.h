// What a message is to the rest of the product: the facts that never change, the state that does, and the
// envelope under which it came.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/clock.h"
#include "storage/model/flags.h"
#include "storage/model/ids.h"
#include "storage/model/uid_set.h"

namespace postern {

// How much of a message to load (James calls it FetchGroup).
enum class FetchDepth : std::uint8_t {
  facts,      // uid, size, dates: the message row alone
  structure,  // and the parsed structure: envelope, part tree, list headers; never the octets
};

// Written once at delivery, never updated.
struct MessageFacts {
  Uid uid{};
  BlobId blob{};
  std::uint64_t size = 0;                  // RFC822.SIZE, octets as stored
  WallTime internal_date{};                // UTC
  std::int16_t internal_zone_minutes = 0;  // the zone INTERNALDATE was given in
  WallTime save_date{};                    // when it came into this mailbox (RFC 8514)
  std::string pop3_uidl;  // set by imports that keep another server's UIDL; empty: derived from the UID
  std::string structure;  // FetchDepth::structure: mime::Structure, encoded
};

// What POP3 lists of a mailbox, both by ascending UID; messages that are in the mailbox no more may be among
// them.
struct Listing {
  std::vector<std::pair<Uid, std::uint64_t>> sizes;
  std::vector<std::pair<Uid, std::string>> pop3_uidls;  // only those that an import brought along
};

using ListingPtr = std::shared_ptr<const Listing>;

// What comes with a message that is put into a mailbox.
struct NewMessage {
  Flags flags;
  std::optional<WallTime> internal_date;  // now, if absent
  std::int16_t internal_zone_minutes = 0;
  std::string pop3_uidl;
};

struct Appended {
  UidValidity uid_validity{};
  Uid uid{};
  ModSeq modseq{};
  bool duplicate = false;  // the same delivery was already there; nothing was stored now
};

struct AppendedAll {
  UidValidity uid_validity{};
  UidSet uids;      // in the order of the messages
  ModSeq modseq{};  // of the last
};

constexpr std::size_t kFollowUpOctetsMax = 16 * 1024;
// What belongs to a flag that means "follow up": dates, a reminder. The store does not read it; copies of a
// message share it, and it goes where they go.
struct FollowUp {
  Uid uid{};
  std::string details;
  friend bool operator==(const FollowUp&, const FollowUp&) = default;
};

struct FlagsStored {
  ModSeq modseq{};   // of every message in `changed`
  UidSet changed;    // state now differs from before
  UidSet unchanged;  // existed, passed the condition, already had the flags asked for
  UidSet refused;    // modified after unchanged_since (RFC 7162 §3.1.3)
};

struct Copied {
  UidValidity uid_validity{};  // of the target
  std::vector<Uid> from;       // ascending; pairs with `to`
  std::vector<Uid> to;         // ascending
  ModSeq target_modseq{};
  ModSeq source_modseq{};  // MOVE only: when they vanished from the source
};

struct Expunged {
  UidSet uids;
  ModSeq modseq{};
};

// Through which door a message was removed: recovery shows it to the administrator.
enum class Door : std::uint8_t { pop3, imap, mobile_sync, lmtp, admin, job };
std::string_view name_of(Door door);  // "mobile_sync"
std::optional<Door> door_from(std::string_view name);

struct Removal {
  Removal(Door through, std::string who = {}) : door(through), by(std::move(who)) {}
  Door door;
  std::string by;  // a device's id, an administrator, a rule; empty: the account itself
};

}  // namespace postern
