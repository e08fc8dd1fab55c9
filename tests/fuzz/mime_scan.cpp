// rooms: mime
// The scanner: any split gives the same structure, the stored form gives it back, and every section of every
// part lies inside the message.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "storage/mime/header.h"
#include "storage/mime/scanner.h"
#include "storage/mime/section.h"
#include "storage/mime/text_body.h"

namespace {

using namespace postern::mime;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_part(const Part& part, std::string_view message) {
  require(part.header.begin <= part.header.end && part.header.end == part.body.begin);
  require(part.body.begin <= part.body.end && part.body.end <= message.size());
  const std::string_view body = message.substr(part.body.begin, part.body.size());
  std::size_t line_ends = 0;
  for (const char c : body) line_ends += c == '\n';
  require(part.lines == line_ends);
  require(text_of(part, body, 1000).size() <= 1000);
  for (const Part& child : part.children) {
    require(child.header.begin >= part.body.begin && child.body.end <= part.body.end);
    check_part(child, message);
  }
}

void check_sections(const Part& root, std::vector<std::uint32_t>& numbers, std::size_t message_octets) {
  for (const auto text : {SectionText::all, SectionText::header, SectionText::text, SectionText::mime}) {
    const auto range = section_range(root, numbers, text);
    require(!range || (range->begin <= range->end && range->end <= message_octets));
  }
  if (numbers.size() == 4 || find_part(root, numbers) == nullptr) return;
  for (std::uint32_t number = 0; number < 4; ++number) {
    numbers.push_back(number);
    check_sections(root, numbers, message_octets);
    numbers.pop_back();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = data[0] % 16 + std::size_t{1};
  const std::string_view message(reinterpret_cast<const char*>(data + 1), size - 1);
  const Structure structure = scan(message);

  Scanner scanner;
  for (std::size_t at = 0; at < message.size(); at += piece) scanner.feed(message.substr(at, piece));
  require(scanner.finish() == structure);

  const postern::Result<Structure> decoded = decode(encode(structure));
  require(decoded && *decoded == structure);

  require(structure.root.header.begin == 0 && structure.root.body.end == message.size());
  check_part(structure.root, message);
  std::vector<std::uint32_t> numbers;
  check_sections(structure.root, numbers, message.size());

  const std::vector<std::string> names{"subject", "to"};
  std::string in_pieces;
  FieldFilter filter(FieldSelection::all_but, names);
  for (std::size_t at = 0; at < message.size(); at += piece)
    filter.feed(message.substr(at, piece), in_pieces);
  filter.finish(in_pieces);
  require(in_pieces == filter_fields(message, FieldSelection::all_but, names));
  return 0;
}
