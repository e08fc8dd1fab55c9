// A part's octets without their transfer encoding (RFC 3516), decoded as they stream past: once to count
// them, once more to send them. Neither the encoded nor the decoded octets are ever in memory as a whole.
#pragma once

#include "gateway/async/task.h"
#include "storage/messages.h"
#include "storage/mime/part.h"
#include "storage/mime/transfer_encoding.h"

namespace postern::imap {

class DecodedSection {
 public:
  // The reader outlives this.
  DecodedSection(MessageReader& reader, mime::OctetRange encoded, mime::TransferEncoding encoding)
      : reader_(reader), encoded_(encoded), encoding_(encoding) {}

  struct Measure {
    std::uint64_t octets = 0;
    bool has_nul = false;
  };
  Task<Result<Measure>> measure();

  // From the start again: the next decoded octets, empty at the end. The view lives until the next call.
  void rewind();
  Task<Result<std::string_view>> next();

 private:
  MessageReader& reader_;
  const mime::OctetRange encoded_;
  const mime::TransferEncoding encoding_;
  std::optional<mime::TransferDecoder> decoder_;  // absent: finished
  std::uint64_t at_ = 0;
  std::string decoded_;
};

}  // namespace postern::imap
