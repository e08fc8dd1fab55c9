// SearchSource: what a search reads beside the snapshot: slices of the text index, facts and octets. All of
// it in bounded batches, so that no connection is held and no answer is large.
#pragma once

#include "gateway/async/loop.h"
#include "storage/messages.h"
#include "storage/search_slice.h"
#include "storage/search_walk.h"

namespace postern {

using PageNumbers = std::vector<std::int64_t>;  // ascending

// A slice without its records.
struct SliceOutline {
  std::uint32_t page = 0;
  std::uint16_t number = 0;
  PageUids uids;
  std::string grams;                // empty unless asked for
  std::uint32_t packed_octets = 0;  // of the records
};

// The octets of a message that is small enough to be read with others.
struct SmallMessage {
  Uid uid{};
  std::string octets;
};

class SearchSource {
 public:
  virtual ~SearchSource() = default;

  // By page and number. At most kPagesMax pages at a time; outlines of large kinds, slices of the others.
  virtual Task<Result<std::vector<IndexSlice>>> slices(MailboxKey mailbox, SliceKind kind,
                                                       PageNumbers pages) = 0;
  virtual Task<Result<std::vector<SliceOutline>>> outlines(MailboxKey mailbox, SliceKind kind,
                                                           PageNumbers pages, bool with_grams) = 0;
  // What the outlines stand for. Those that are gone meanwhile are missing.
  virtual Task<Result<std::vector<IndexSlice>>> slices_of(MailboxKey mailbox, SliceKind kind,
                                                          std::vector<SliceOutline> outlines) = 0;
  static constexpr std::size_t kPagesMax = 64;

  // As MessageStore.
  virtual Task<Result<std::vector<MessageFacts>>> facts(MailboxKey mailbox, UidSet uids,
                                                        FetchDepth depth) = 0;
  virtual std::unique_ptr<MessageReader> open(AccountId account, const MessageFacts& message) = 0;

  // Those of `uids` that are small, by UID; open() the others. At most kSmallMessagesMax.
  virtual Task<Result<std::vector<SmallMessage>>> small_messages(MailboxKey mailbox, UidSet uids) = 0;
  static constexpr std::size_t kSmallMessagesMax = 128;
  static constexpr std::size_t kSmallOctetsMax = 32 * 1024;  // as stored
};

// Feeds a walk with what it asks for; decoding of more than a little goes to a worker. Stops when `enough`.
Task<Result<void>> read_through(Loop& loop, MessageReader& reader, MessageWalk& walk,
                                std::function<bool()> enough);
// The same from octets at hand.
void read_through(std::string_view octets, MessageWalk& walk, const std::function<bool()>& enough);

}  // namespace postern
