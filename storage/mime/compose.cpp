#include "storage/mime/compose.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mime/content_type.h"
#include "storage/mime/crlf_lines.h"
#include "storage/mime/header.h"
#include "storage/mime/header_writer.h"
#include "storage/mime/transfer_encoder.h"

namespace postern::mime {

namespace {

constexpr std::size_t kLineOctetsMax = 900;  // below SMTP's 998, and no line of text is as long

const std::vector<std::string> kContentFields = {
    "Content-Type",        "Content-Transfer-Encoding", "Content-Disposition", "Content-ID",
    "Content-Description", "Content-Language",          "Content-Location",    "Content-MD5"};

// NUL is in no text, and nobody takes mail with it.
std::string with_crlf(std::string_view text) {
  std::string out;
  CrlfLines lines;
  lines.feed(text, out);
  lines.finish(out);
  std::erase(out, '\0');
  return out;
}

bool has_long_line(std::string_view text) {
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', begin)) {
    if (end - begin > kLineOctetsMax) return true;
    begin = end + 1;
  }
  return text.size() - begin > kLineOctetsMax;
}

bool is_eight_bit(const Part& part) {
  return part.encoding == "8bit" || part.encoding == "binary";
}

// Fields that others can follow: without the empty line, and the last one ended. Bare LF ends lines, too.
std::string fields_of(std::string block) {
  if (block.ends_with('\n')) {
    const std::string_view before =
        std::string_view(block).substr(0, block.size() - (block.ends_with("\r\n") ? 2 : 1));
    if (before.empty() || before.ends_with('\n')) block.resize(before.size());
  }
  if (!block.empty() && !block.ends_with('\n')) block += "\r\n";
  return block;
}

// "type/subtype" as the client has it, if it is one.
std::string safe_content_type(std::string_view value) {
  const auto parsed = parse_content_type(value);
  if (!parsed || parsed->type == "multipart" || parsed->type == "message") return "application/octet-stream";
  return parsed->type + '/' + parsed->subtype;
}

void append(Pieces& to, Pieces from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

Entity multipart(std::string_view subtype, const std::string& boundary, std::vector<Entity> parts) {
  Entity whole;
  for (const Entity& part : parts) whole.eight_bit = whole.eight_bit || part.eight_bit;
  std::string head =
      "Content-Type: multipart/" + std::string(subtype) + "; boundary=\"" + boundary + "\"\r\n";
  if (whole.eight_bit) head += "Content-Transfer-Encoding: 8bit\r\n";
  whole.pieces.push_back(text_piece(head));
  for (Entity& part : parts) {
    whole.pieces.push_back(text_piece("\r\n--" + boundary + "\r\n"));
    append(whole.pieces, std::move(part.pieces));
  }
  whole.pieces.push_back(text_piece("\r\n--" + boundary + "--\r\n"));
  return whole;
}

void add_in_front(std::vector<Entity>& entities, Entity first) {
  entities.insert(entities.begin(), std::move(first));
}

}  // namespace

Piece text_piece(std::string text) {
  Piece piece;
  piece.text = std::move(text);
  return piece;
}

Piece view_piece(std::string_view octets) {
  Piece piece;
  piece.view = octets;
  return piece;
}

Piece stored_piece(OctetRange range) {
  Piece piece;
  piece.stored = range;
  return piece;
}

Entity text_entity(std::string_view subtype, std::string_view utf8, std::string_view parameters) {
  std::string body = with_crlf(utf8);
  const bool ascii = text::is_ascii(body);
  std::string head = "Content-Type: text/" + std::string(subtype) + "; charset=utf-8";
  head += parameters;
  head += "\r\n";
  if (!ascii || has_long_line(body)) {
    const auto beyond = static_cast<std::size_t>(std::count_if(
        body.begin(), body.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }));
    const bool mostly_ascii = beyond < body.size() / 6;
    head += mostly_ascii ? "Content-Transfer-Encoding: quoted-printable\r\n"
                         : "Content-Transfer-Encoding: base64\r\n";
    std::string encoded;
    if (mostly_ascii) {
      encoded = quoted_printable(body);
    } else {
      append_base64_lines(encoded, body);
    }
    body = std::move(encoded);
  }
  Entity entity;
  entity.pieces.push_back(text_piece(head + "\r\n"));
  entity.pieces.push_back(text_piece(std::move(body)));
  return entity;
}

Entity attachment_entity(const AttachmentLabel& label, std::string_view octets) {
  std::string head = "Content-Type: " + safe_content_type(label.content_type);
  if (!label.file_name.empty()) head += parameter_text("name", label.file_name);
  head += "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: ";
  head += label.is_inline ? "inline" : "attachment";
  if (!label.file_name.empty()) head += parameter_text("filename", label.file_name);
  head += "\r\n";
  const auto ids = message_ids('<' + label.content_id + '>');
  if (!label.content_id.empty() && ids.size() == 1) head += id_field("Content-ID", ids);
  Entity entity;
  entity.pieces.push_back(text_piece(head + "\r\n"));
  Piece body = view_piece(octets);
  body.base64 = true;
  entity.pieces.push_back(body);
  return entity;
}

Entity stored_entity(const Part& part, std::optional<std::string> own_fields) {
  Entity entity;
  entity.eight_bit = is_eight_bit(part);
  if (!own_fields) {
    entity.pieces.push_back(stored_piece({part.header.begin, part.body.end}));
  } else {
    entity.pieces.push_back(text_piece(*std::move(own_fields) + "\r\n"));
    entity.pieces.push_back(stored_piece(part.body));
  }
  return entity;
}

Entity view_entity(const Part& part, std::string_view message, std::optional<std::string> own_fields) {
  Entity entity = stored_entity(part, std::move(own_fields));
  Piece& octets = entity.pieces.back();
  octets = view_piece(message.substr(octets.stored->begin, octets.stored->size()));
  return entity;
}

Entity stored_message_entity(std::string_view file_name, std::uint64_t octets) {
  Entity entity;
  entity.eight_bit = true;  // nobody has counted
  entity.pieces.push_back(
      text_piece("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n"
                 "Content-Disposition: attachment" +
                 parameter_text("filename", file_name) + "\r\n\r\n"));
  entity.pieces.push_back(stored_piece({0, octets}));
  return entity;
}

std::string content_fields(std::string_view header) {
  return fields_of(filter_fields(header, FieldSelection::only, kContentFields));
}

std::string without_content_fields(std::string_view header) {
  std::vector<std::string> names = kContentFields;
  names.emplace_back("MIME-Version");
  return fields_of(filter_fields(header, FieldSelection::all_but, names));
}

Pieces compose(Composition composition, std::string_view token) {
  const auto boundary = [token](char level) { return level + std::string(token); };
  std::vector<Entity> forms;
  if (composition.plain || (!composition.html && composition.alternatives.empty())) {
    if (!composition.plain) composition.plain = text_entity("plain", "");
    forms.push_back(*std::move(composition.plain));
  }
  if (composition.html) {
    Entity html = *std::move(composition.html);
    if (!composition.related.empty()) {
      add_in_front(composition.related, std::move(html));
      html = multipart("related", boundary('r'), std::exchange(composition.related, {}));
    }
    forms.push_back(std::move(html));
  }
  for (Entity& other : composition.alternatives) forms.push_back(std::move(other));
  Entity body = forms.size() == 1 ? std::move(forms.front())
                                  : multipart("alternative", boundary('a'), std::move(forms));
  // Without HTML nothing can show them.
  std::vector<Entity> attached = std::move(composition.related);
  std::move(composition.attached.begin(), composition.attached.end(), std::back_inserter(attached));
  if (!attached.empty()) {
    add_in_front(attached, std::move(body));
    body = multipart("mixed", boundary('m'), std::move(attached));
  }
  Pieces pieces;
  pieces.push_back(text_piece(std::move(composition.header) + "MIME-Version: 1.0\r\n"));
  append(pieces, std::move(body.pieces));
  return pieces;
}

}  // namespace postern::mime
