// What imports and exports tell: how far they are, on a terminal, and what came of it.
#pragma once

#include <unistd.h>

#include <cstdio>

#include "gateway/cli/output.h"
#include "storage/exchange/import.h"

namespace postern::cli {

// "INBOX: 120 messages", redrawn. Goes on.
template <class Report>
bool tell_progress(const Report& report) {
  if (isatty(STDERR_FILENO) != 0) {
    std::fprintf(stderr, "\r%s: %llu messages\033[K", report.mailbox.c_str(),
                 static_cast<unsigned long long>(report.messages));
  }
  return true;
}
inline void end_progress() {
  if (isatty(STDERR_FILENO) != 0) std::fputc('\n', stderr);
}

void print_import(OutputFormat format, const exchange::ImportReport& report);

}  // namespace postern::cli
