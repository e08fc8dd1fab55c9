// MoveItems. MS-ASCMD section 2.2.1.12. Its success is 3, not 1.
#pragma once

#include <string>
#include <vector>

#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/wbxml/element.h"

namespace postern::activesync {

// MS-ASCMD section 2.2.3.177.10
enum class MoveStatus : std::uint16_t {
  invalid_source = 1,
  invalid_destination = 2,
  ok = 3,
  same_folder = 4,
  failed = 5,
  locked = 7,
};

constexpr std::size_t kMovesMax = 1'000;

struct ItemMove {
  std::string source_item;
  std::string source_folder;
  std::string destination_folder;
};

// Refused as a whole: no move, one that lacks a name, too many.
Parsed<std::vector<ItemMove>> read_move_items(Element root);

struct ItemMoved {
  std::string source_item;
  Status status = MoveStatus::ok;
  std::string destination_item;  // empty if it failed
};
void write_moves(std::string& out, const std::vector<ItemMoved>& moves);
void write_move_refusal(std::string& out, Status status);

}  // namespace postern::activesync
