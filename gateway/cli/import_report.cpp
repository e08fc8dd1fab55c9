#include "gateway/cli/import_report.h"

#include <fmt/format.h>

#include "gateway/cli/command_line.h"

namespace postern::cli {

void print_import(OutputFormat format, const exchange::ImportReport& report) {
  end_progress();
  Json record;
  record["folders"] = report.folders;
  record["messages"] = report.messages;
  record["octets"] = report.octets;
  record["known"] = report.known;
  record["skipped"] = report.skipped;
  record["reasons"] = report.reasons;
  std::string text =
      fmt::format("{} messages ({}) in {} folders; {} were known, {} are skipped.", report.messages,
                  octets_text(report.octets), report.folders, report.known, report.skipped);
  for (const std::string& reason : report.reasons) text += "\n  " + reason;
  print_done(format, text, record);
}

}  // namespace postern::cli
