// ExportTarget: one mailbox on its way into files. Blocking: belongs off the loop.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/exchange/export.h"

namespace postern::exchange {

struct ExportedMessage {
  std::string octets;
  MessageFacts facts;
  Flags flags;
};

class ExportTarget {
 public:
  virtual ~ExportTarget() = default;
  // Whether an earlier run has written it.
  virtual bool has(const MessageFacts& facts) const = 0;
  virtual Result<void> write(const ExportedMessage& message) = 0;
  // Once, after the last.
  virtual Result<void> finish() = 0;
};

// Makes what the mailbox needs. invalid: its name cannot be a file's.
Result<std::unique_ptr<ExportTarget>> open_target(const ExportRequest& request, const Mailbox& mailbox);

}  // namespace postern::exchange
