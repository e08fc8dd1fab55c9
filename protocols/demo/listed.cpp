#include "protocols/demo/listed.h"

#include "storage/mime/decode.h"
#include "storage/mime/header.h"

namespace postern::demo {

Json listed(std::string_view header) {
  const mime::HeaderView fields(header);
  const auto read = [&fields](std::string_view name) {
    const auto field = fields.find(name);
    return field ? mime::decode_text(mime::unfold(field->body)) : std::string();
  };
  Json message;
  message["subject"] = read("Subject");
  message["from"] = read("From");
  return message;
}

}  // namespace postern::demo
