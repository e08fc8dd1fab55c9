#include "protocols/activesync/body_render.h"

#include <algorithm>

#include "storage/mime/charset.h"
#include "storage/mime/html_fragment.h"
#include "storage/mime/html_text.h"
#include "storage/mime/transfer_encoding.h"

namespace postern::activesync {

namespace {

std::string html_of(std::string_view plain) {
  std::string html = "<html><body>";
  for (const char c : plain) {
    switch (c) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '\r': break;
      case '\n': html += "<br>\n"; break;
      default: html += c;
    }
  }
  return html + "</body></html>";
}

// The first characters of the text on one line.
std::string preview_of(std::string_view plain, std::uint32_t characters_max) {
  std::string preview;
  std::uint32_t characters = 0;
  bool blank = false;
  for (const char c : plain) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      blank = !preview.empty();
      continue;
    }
    const bool begins = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (begins && characters + (blank ? 2 : 1) > characters_max) break;
    if (begins) characters += blank ? 2 : 1;
    if (blank) preview += ' ';
    blank = false;
    preview += c;
  }
  return preview;
}

BodyCandidate candidate_for(const BodyPreference& preference, const MessageLayout& layout,
                            std::uint64_t message_size) {
  BodyCandidate candidate;
  candidate.preference = preference;
  candidate.message_size = message_size;
  if (preference.type == BodyType::mime) {
    const std::uint64_t limit = preference.truncation_size.value_or(UINT32_MAX);
    const bool cut_away = preference.all_or_none && message_size > limit;
    candidate.range.end = cut_away ? 0 : std::min(message_size, limit);
    return candidate;
  }
  const bool wants_html = preference.type == BodyType::html;
  const mime::Part* first = wants_html ? layout.html : layout.plain;
  const mime::Part* second = wants_html ? layout.plain : layout.html;
  candidate.part = first != nullptr ? first : second;
  if (candidate.part == nullptr) return candidate;
  candidate.range = candidate.part->body;
  candidate.range.end = std::min(candidate.range.end, candidate.range.begin + kTextPartOctetsMax);
  return candidate;
}

bool wants_mime(const MessageLayout& layout, const BodyOptions& options) {
  if (options.mime_support == MimeSupport::always) return true;
  return options.mime_support == MimeSupport::smime_only && layout.smime;
}

// Full text, made of what has been read, and the size of all of it.
struct FullText {
  std::string utf8;
  std::uint64_t size = 0;
  std::string plain;  // for the preview
};

FullText full_text(const BodyCandidate& candidate, std::string_view octets) {
  FullText full;
  if (candidate.part == nullptr) return full;
  const bool is_html = candidate.part->subtype == "html";
  std::string source = source_text(*candidate.part, octets);
  if (is_html) {
    mime::HtmlText reader;
    reader.feed(source, full.plain);
    reader.finish(full.plain);
  } else {
    full.plain = source;
  }
  if (candidate.preference.type == BodyType::plain_text) {
    full.utf8 = full.plain;
  } else {
    full.utf8 = is_html ? std::move(source) : html_of(full.plain);
  }
  full.size = full.utf8.size();
  // What was not read is estimated by what was.
  const std::uint64_t all = candidate.part->body.size();
  if (!octets.empty() && octets.size() < all) full.size = full.size * all / octets.size() + 1;
  return full;
}

}  // namespace

// Control octets go: no XML may hold them, and some clients make XML of what they get.
std::string source_text(const mime::Part& part, std::string_view octets) {
  mime::TransferDecoder transfer(
      mime::transfer_encoding_from(part.encoding).value_or(mime::TransferEncoding::identity));
  std::string decoded;
  transfer.feed(octets, decoded);
  transfer.finish(decoded);
  std::string charset(part.parameter("charset"));
  if (charset.empty() && part.subtype == "html") charset = mime::meta_charset(decoded).value_or("");
  std::string utf8 = mime::to_utf8(decoded, charset.empty() ? "utf-8" : charset);
  std::erase_if(utf8, [](char c) { return c >= 0 && c < ' ' && c != '\t' && c != '\r' && c != '\n'; });
  return utf8;
}

BodyType native_body_type(const MessageLayout& layout) {
  return layout.html != nullptr ? BodyType::html : BodyType::plain_text;
}

std::vector<BodyCandidate> body_candidates(const MessageLayout& layout, const BodyOptions& options,
                                           std::uint64_t message_size) {
  std::vector<BodyCandidate> candidates;
  const auto offer = [&](const BodyPreference& preference) {
    candidates.push_back(candidate_for(preference, layout, message_size));
  };
  const BodyPreference* whole = options.preference(BodyType::mime);
  if (whole != nullptr && wants_mime(layout, options)) {
    BodyPreference preference = *whole;
    if (!preference.truncation_size) preference.truncation_size = options.mime_truncation_octets;
    offer(preference);
    return candidates;
  }
  const BodyPreference* native = options.preference(native_body_type(layout));
  if (native != nullptr) offer(*native);
  for (const BodyPreference& one : options.preferences) {
    if (&one != native && (one.type == BodyType::plain_text || one.type == BodyType::html)) offer(one);
  }
  if (candidates.empty()) offer(BodyPreference());  // nothing said, or nothing that there is: plain text
  return candidates;
}

std::optional<BodyCandidate> body_part_candidate(const MessageLayout& layout, const BodyOptions& options,
                                                 std::uint64_t message_size) {
  if (!options.part) return std::nullopt;
  return candidate_for(*options.part, layout, message_size);
}

Body render_body(const BodyCandidate& candidate, std::string_view octets) {
  const BodyPreference& preference = candidate.preference;
  const std::uint64_t limit = preference.truncation_size.value_or(UINT32_MAX);
  Body body;
  body.type = preference.type;
  if (preference.type == BodyType::mime) {
    body.estimated_size = candidate.message_size;
    body.truncated = candidate.message_size > limit;
    if (!body.truncated || !preference.all_or_none) body.data = std::string(octets.substr(0, limit));
    return body;
  }
  FullText full = full_text(candidate, octets);
  body.estimated_size = full.size;
  body.truncated = full.size > limit || full.size > full.utf8.size();
  if (!body.truncated || !preference.all_or_none) {
    mime::cut_utf8(full.utf8, limit);
    body.data = std::move(full.utf8);
  }
  // Plain text is its own preview (MS-ASAIRS R1001036).
  if (body.type != BodyType::plain_text || !body.data || body.data->empty()) {
    body.preview = preview_of(full.plain, preference.preview_characters);
  }
  return body;
}

}  // namespace postern::activesync
