#include "protocols/activesync/schema/move_items.h"

#include "protocols/activesync/schema/values.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

namespace {

ItemMove read_move(Element element) {
  ItemMove move;
  for (const Element child : element) {
    switch (child.tag()) {
      case "Move:SrcMsgId"_tag: move.source_item = text_of(child, kIdOctetsMax).value_or(""); break;
      case "Move:SrcFldId"_tag: move.source_folder = text_of(child, kIdOctetsMax).value_or(""); break;
      case "Move:DstFldId"_tag: move.destination_folder = text_of(child, kIdOctetsMax).value_or(""); break;
      default: break;
    }
  }
  return move;
}

}  // namespace

Parsed<std::vector<ItemMove>> read_move_items(Element root) {
  std::vector<ItemMove> moves;
  for (const Element child : root) {
    if (child.tag() != "Move:Move"_tag) continue;
    if (moves.size() == kMovesMax) return MoveStatus::failed;
    moves.push_back(read_move(child));
    const ItemMove& last = moves.back();
    if (last.source_item.empty() || last.source_folder.empty() || last.destination_folder.empty()) {
      return MoveStatus::failed;
    }
  }
  if (moves.empty()) return MoveStatus::failed;
  return moves;
}

void write_moves(std::string& out, const std::vector<ItemMoved>& moves) {
  Writer writer(out);
  const auto root = writer.open("Move:MoveItems"_tag);
  for (const ItemMoved& one : moves) {
    const auto response = writer.open("Move:Response"_tag);
    writer.text("Move:SrcMsgId"_tag, one.source_item);
    writer.number("Move:Status"_tag, one.status.code);
    if (!one.destination_item.empty()) writer.text("Move:DstMsgId"_tag, one.destination_item);
  }
}

void write_move_refusal(std::string& out, Status status) {
  Writer writer(out);
  const auto root = writer.open("Move:MoveItems"_tag);
  writer.number("Move:Status"_tag, status.code);
}

}  // namespace postern::activesync
