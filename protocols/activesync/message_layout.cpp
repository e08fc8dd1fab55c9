#include "protocols/activesync/message_layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mime/decode.h"

namespace postern::activesync {

namespace {

bool is_smime(const mime::Part& part) {
  if (part.type == "application") return part.subtype == "pkcs7-mime" || part.subtype == "x-pkcs7-mime";
  if (!part.is_multipart() || part.subtype != "signed") return false;
  return part.parameter("protocol").find("pkcs7-signature") != std::string_view::npos;
}

// What the parts around a part say of it.
struct Surroundings {
  bool alternative = false;  // one of several representations of the same
  bool related = false;      // beside the HTML that shows it
  bool after_text = false;   // the text is elsewhere: this cannot be it
};

class LayoutReader {
 public:
  explicit LayoutReader(MessageLayout& layout) : layout_(layout) {}

  // Recursion is bounded by mime::kDepthMax.
  void read(const mime::Part& part, const std::string& number, Surroundings around) {
    if (!part.is_multipart()) return read_leaf(part, number, around);
    bool first = true;
    std::size_t index = 0;
    const bool had_text = has_text();
    for (const mime::Part& child : part.children) {
      Surroundings inside = around;
      if (part.subtype == "alternative") {
        inside.alternative = true;
        inside.after_text = around.after_text || had_text;
      } else {
        inside.alternative = around.alternative && first;
        inside.related = part.subtype == "related" && !first;
        inside.after_text = around.after_text || !first;
      }
      ++index;
      read(child, number.empty() ? fmt::format("{}", index) : fmt::format("{}.{}", number, index), inside);
      first = false;
    }
  }

 private:
  bool has_text() const { return layout_.plain != nullptr || layout_.html != nullptr; }

  void read_leaf(const mime::Part& part, const std::string& number, Surroundings around) {
    const bool is_calendar = part.type == "text" && part.subtype == "calendar";
    if (is_calendar && layout_.calendar == nullptr) layout_.calendar = &part;
    const bool named = part.disposition == "attachment" || !mime::file_name(part).empty();
    if (part.type == "text" && !named && !around.related && take_text(part, around)) return;
    // Another representation of what is shown already.
    if (around.alternative && !named && part.type == "text") return;
    if (layout_.attachments.size() == kAttachmentsMax) return;
    layout_.attachments.push_back({&part, number.empty() ? "1" : number, around.related && part.id});
  }

  bool take_text(const mime::Part& part, Surroundings around) {
    const mime::Part** place = nullptr;
    if (part.subtype == "plain") place = &layout_.plain;
    if (part.subtype == "html") place = &layout_.html;
    if (place == nullptr || *place != nullptr) return false;
    // Beside an alternative's first text, text is another piece and not another form.
    if (has_text() && (around.after_text || !around.alternative)) return false;
    *place = &part;
    return true;
  }

  MessageLayout& layout_;
};

}  // namespace

MessageLayout layout_of(const mime::Part& root) {
  MessageLayout layout;
  layout.smime = is_smime(root);
  LayoutReader(layout).read(root, "", {});
  return layout;
}

std::uint64_t decoded_size(const mime::Part& part) {
  if (!text::same(part.encoding, "base64")) return part.body.size();
  const std::uint64_t line_ends = std::min(part.lines * 2, part.body.size());
  return (part.body.size() - line_ends) / 4 * 3;
}

}  // namespace postern::activesync
