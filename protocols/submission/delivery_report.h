// Delivery status notifications (RFC 3464 in RFC 6522): what the sender is told of recipients that failed,
// wait, or were handed to a server that tells nothing itself. Pure: the same facts give the same octets, so
// that a report made twice is recognised as one delivery.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/outbox.h"

namespace postern::submission {

struct ReportFacts {
  std::string hostname;  // who reports
  std::string to;        // the reverse path
  Report kind = Report::failed;
  WallTime date{};
  std::string original;  // the message, or its header
  bool original_is_whole = false;
};

// Of those recipients whose report is of that kind. CRLF lines.
std::string compose_report(const ReportFacts& facts, const QueuedMessage& message);

// What of the message a report brings back: octets of its header (with the empty line, if it has one).
std::string_view header_of(std::string_view message);

}  // namespace postern::submission
