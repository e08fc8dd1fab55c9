// A message put together from texts, from octets that somebody holds, and from ranges of a stored message: as
// a list of pieces in order, so that what is large is named and not copied. RFC 2045, RFC 2046. Pure: whoever
// sends or stores the message reads the pieces one after the other.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/mime/part.h"

namespace postern::mime {

// One of the three.
struct Piece {
  std::string text;
  std::string_view view;             // outlives the pieces
  std::optional<OctetRange> stored;  // of the stored message
  bool base64 = false;               // `view` is to go in lines of base64
};
using Pieces = std::vector<Piece>;

Piece text_piece(std::string text);
Piece view_piece(std::string_view octets);
Piece stored_piece(OctetRange range);

// A MIME entity: its own header, the empty line and its body.
struct Entity {
  Pieces pieces;
  bool eight_bit = false;  // its octets may need 8bit
};

// text/<subtype> in UTF-8, its line ends made CRLF; encoded only if it must be. `parameters` stand behind the
// charset: "; method=REPLY".
Entity text_entity(std::string_view subtype, std::string_view utf8, std::string_view parameters = {});

struct AttachmentLabel {
  std::string file_name;     // UTF-8; may be empty
  std::string content_type;  // "image/png"; what is none is application/octet-stream
  std::string content_id;    // without angle brackets; may be empty
  bool is_inline = false;
};
// `octets` outlive the entity.
Entity attachment_entity(const AttachmentLabel& label, std::string_view octets);

// A part of the stored message, or of a message in memory, as it stands. Where its header is the whole
// message's, `own_fields` (content_fields() of it) take that place.
Entity stored_entity(const Part& part, std::optional<std::string> own_fields = std::nullopt);
Entity view_entity(const Part& part, std::string_view message,
                   std::optional<std::string> own_fields = std::nullopt);
// The stored message as an attachment.
Entity stored_message_entity(std::string_view file_name, std::uint64_t octets);

// The fields of a header that describe its body, and the header without them and without MIME-Version. Both
// are fields only: no empty line.
std::string content_fields(std::string_view header);
std::string without_content_fields(std::string_view header);

struct Composition {
  std::string header;  // fields; none of those above
  std::optional<Entity> plain, html;
  std::vector<Entity> alternatives;  // further forms of the same
  std::vector<Entity> related;       // shown inside the HTML
  std::vector<Entity> attached;
};

// A text that is empty stands for one that is missing. `token`: letters and digits that no content has, as 16
// random octets in hexadecimal are.
Pieces compose(Composition composition, std::string_view token);

}  // namespace postern::mime
