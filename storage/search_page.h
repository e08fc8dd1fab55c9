// PageTexts: makes the slices of a page from its messages. What it notes of a message is what a scan would
// look at; a message, or a part of what it says, that does not fit is left out of the slices, and so scanned.
#pragma once

#include "storage/model/message.h"
#include "storage/search_slice.h"
#include "storage/search_walk.h"

namespace postern {

// One message's header and body records, noted during a walk.
class MessageTexts final : public TextListener {
 public:
  bool wants(const mime::Field&, bool) override { return true; }
  void field(const mime::Field& field, std::string_view folded, bool top) override;
  void text(std::string_view folded) override;
  void end_of_text() override { note(body_, {}, true); }

  // nullopt: cannot be indexed.
  const std::optional<std::string>& header() const { return header_; }
  const std::optional<std::string>& body() const { return body_; }

 private:
  static void note(std::optional<std::string>& record, std::string_view folded, bool ends);

  std::optional<std::string> header_ = std::string();
  std::optional<std::string> body_ = std::string();
};

// Of one page's large kinds; what is beyond is left out.
constexpr std::size_t kPagePackedOctetsMax = 4 * 1024 * 1024;

class PageTexts {
 public:
  explicit PageTexts(std::uint32_t page);

  // By ascending UID. `texts` has gone through the whole message.
  void add(const MessageFacts& facts, const mime::Structure& structure, const MessageTexts& texts);
  // Once.
  std::vector<IndexSlice> take();

 private:
  void add_large(SliceKind kind, Uid uid, const std::optional<std::string>& record);
  SliceWriter& writer(SliceKind kind) { return writers_[static_cast<std::size_t>(kind) - 1]; }

  std::vector<SliceWriter> writers_;  // by kind
};

}  // namespace postern
