#include "protocols/activesync/trace.h"

#include <algorithm>

#include "protocols/activesync/wbxml/reader.h"
#include "protocols/activesync/wbxml/xml_dump.h"
#include "storage/mime/charset.h"

namespace postern::activesync {

namespace {

// The same name means the same on every page that has it.
constexpr std::string_view kBookkeeping[] = {"AllOrNone",
                                             "Class",
                                             "ClientId",
                                             "CollectionId",
                                             "Conflict",
                                             "ConversationMode",
                                             "Count",
                                             "DateReceived",
                                             "DeletesAsMoves",
                                             "DeepTraversal",
                                             "DstFldId",
                                             "DstMsgId",
                                             "EndTime",
                                             "Enabled",
                                             "Estimate",
                                             "EstimatedDataSize",
                                             "FilterType",
                                             "FileReference",
                                             "GetChanges",
                                             "HeartbeatInterval",
                                             "Id",
                                             "Importance",
                                             "InternetCPID",
                                             "IsInline",
                                             "Limit",
                                             "LongId",
                                             "MaxFolders",
                                             "MessageClass",
                                             "Method",
                                             "MIMESupport",
                                             "MIMETruncation",
                                             "Model",
                                             "NativeBodyType",
                                             "OS",
                                             "OofState",
                                             "ParentId",
                                             "Partial",
                                             "Range",
                                             "Read",
                                             "ReplaceMime",
                                             "SaveInSentItems",
                                             "ServerId",
                                             "SrcFldId",
                                             "SrcMsgId",
                                             "StartTime",
                                             "Status",
                                             "Store",
                                             "SyncKey",
                                             "Total",
                                             "Truncated",
                                             "TruncationSize",
                                             "Type",
                                             "Wait",
                                             "WindowSize"};

bool is_private(Tag tag) {
  if (page_of(tag) == page_of("Provision:Provision"_tag)) return false;
  return std::find(std::begin(kBookkeeping), std::end(kBookkeeping), element_name(tag)) ==
         std::end(kBookkeeping);
}

}  // namespace

std::string trace_text(const Document& document) {
  DumpOptions options;
  options.content_octets_max = 256;
  options.is_private = is_private;
  std::string text = xml_dump(document, options);
  mime::cut_utf8(text, kTracedOctetsMax);
  return text;
}

std::string trace_text(std::string answer) {
  const std::string otherwise = "[" + std::to_string(answer.size()) + " octets]";
  if (answer.empty()) return otherwise;
  const auto document = read(std::move(answer));
  return document ? trace_text(*document) : otherwise;
}

}  // namespace postern::activesync
