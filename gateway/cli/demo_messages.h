// The messages that the demo's accounts start with: plain, HTML, with attachments, beyond ASCII.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/clock.h"

namespace postern::cli {

struct DemoMessage {
  std::string reverse_path;
  std::string octets;  // RFC 5322, CRLF
};

// To local@example.test. The same text for the same account and day, so that a repeated delivery is
// recognised.
std::vector<DemoMessage> demo_messages(const std::string& local, WallTime today);
// What fills a mailbox: reports with attachments of about 30 KB each.
std::vector<DemoMessage> demo_bulk(const std::string& local, WallTime today, int count);

}  // namespace postern::cli
