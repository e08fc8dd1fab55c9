// Walks the part tree by IMAP's part numbers. RFC 9051 §6.4.5.1.
#include "storage/mime/section.h"

namespace postern::mime {
namespace {

const Part* child_of_multipart(const Part& multipart, std::uint32_t number) {
  if (number == 0 || number > multipart.children.size()) return nullptr;
  return &multipart.children[number - 1];
}

// `message` is the entity with the message's header.
const Part* part_of_message(const Part& message, std::uint32_t number) {
  if (message.is_multipart()) return child_of_multipart(message, number);
  return number == 1 ? &message : nullptr;
}

const Part* part_below(const Part& part, std::uint32_t number) {
  if (part.is_multipart()) return child_of_multipart(part, number);
  if (part.is_message() && !part.children.empty()) return part_of_message(part.children.front(), number);
  return nullptr;
}

}  // namespace

const Part* find_part(const Part& root, std::span<const std::uint32_t> numbers) {
  if (numbers.empty()) return &root;
  const Part* part = part_of_message(root, numbers.front());
  for (const std::uint32_t number : numbers.subspan(1)) {
    if (part == nullptr) return nullptr;
    part = part_below(*part, number);
  }
  return part;
}

std::optional<OctetRange> section_range(const Part& root, std::span<const std::uint32_t> numbers,
                                        SectionText text) {
  const Part* part = find_part(root, numbers);
  if (part == nullptr) return std::nullopt;
  const bool whole_message = numbers.empty();
  if (text == SectionText::all)
    return whole_message ? OctetRange{root.header.begin, root.body.end} : part->body;
  if (text == SectionText::mime) return whole_message ? std::nullopt : std::optional(part->header);

  const Part* message = whole_message ? &root : nullptr;
  if (!whole_message && part->is_message() && !part->children.empty()) message = &part->children.front();
  if (message == nullptr) return std::nullopt;
  return text == SectionText::header ? message->header : message->body;
}

}  // namespace postern::mime
