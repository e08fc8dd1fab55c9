// Fields of a header block and the filter for lists of names. RFC 5322 §2.2, §3.6.8, §4.5.8.
#include "storage/mime/header.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mime/octet_set.h"

namespace postern::mime {
namespace {

constexpr OctetSet kNotInALine(std::string_view("\r\n\0", 3));

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::size_t line_octets(std::string_view text) {
  const auto at = text.find('\n');
  return at == std::string_view::npos ? text.size() : at + 1;
}

bool is_empty_line(std::string_view line) {
  return line == "\n" || line == "\r\n";
}

}  // namespace

std::string_view field_name(std::string_view line) {
  const auto colon = line.substr(0, kFieldNameOctetsMax).find(':');
  if (colon == std::string_view::npos) return {};
  std::string_view name = line.substr(0, colon);
  while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
  const bool printable = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f; });
  return printable ? name : std::string_view();
}

std::string unfold(std::string_view body) {
  body = text::trim(body);
  std::string value;
  value.reserve(body.size());
  for (std::size_t i = 0; i < body.size(); ++i) {
    const std::string_view line = body.substr(i, kNotInALine.prefix_without(body.substr(i)));
    value += line;
    i += line.size();
    if (i == body.size()) break;
    const char c = body[i];
    if (c == '\r' && i + 2 < body.size() && body[i + 1] == '\n' && is_blank(body[i + 2])) continue;
    if (c == '\n' && i + 1 < body.size() && is_blank(body[i + 1])) continue;
    value += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  }
  return value;
}

void HeaderView::Iterator::read() {
  field_ = Field();
  std::size_t octets = line_octets(rest_);
  if (octets == 0 || is_empty_line(rest_.substr(0, octets))) return;
  while (octets < rest_.size() && is_blank(rest_[octets])) octets += line_octets(rest_.substr(octets));
  field_.raw = rest_.substr(0, octets);
  rest_.remove_prefix(octets);
  field_.name = field_name(field_.raw.substr(0, line_octets(field_.raw)));
  if (!field_.name.empty()) field_.body = field_.raw.substr(field_.raw.find(':') + 1);
}

std::optional<Field> HeaderView::find(std::string_view name) const {
  for (const Field& field : *this) {
    if (!field.name.empty() && text::same(field.name, name)) return field;
  }
  return std::nullopt;
}

FieldFilter::FieldFilter(FieldSelection selection, const std::vector<std::string>& names)
    : selection_(selection) {
  names_.reserve(names.size());
  for (const std::string& name : names) names_.push_back(text::to_lower(name));
  std::sort(names_.begin(), names_.end());
}

void FieldFilter::decide(std::string& out) {
  holding_ = false;
  if (is_empty_line(held_)) {
    done_ = passing_ = true;
  } else {
    const std::string_view name = field_name(held_);
    const bool named =
        !name.empty() && std::binary_search(names_.begin(), names_.end(), text::to_lower(name));
    passing_ = named == (selection_ == FieldSelection::only);
  }
  if (passing_) out += held_;
  held_.clear();
}

void FieldFilter::feed(std::string_view octets, std::string& out) {
  while (!octets.empty() && !done_) {
    if (at_line_start_) {
      at_line_start_ = false;
      if (!is_blank(octets.front()) || !begun_) holding_ = true;
      begun_ = true;
    }
    if (holding_) {
      const std::size_t room = kFieldNameOctetsMax - held_.size();
      std::size_t taken = octets.substr(0, room).find_first_of(":\n");
      const bool found = taken != std::string_view::npos;
      taken = found ? taken + 1 : std::min(room, octets.size());
      held_ += octets.substr(0, taken);
      octets.remove_prefix(taken);
      at_line_start_ = held_.back() == '\n';
      if (found || held_.size() == kFieldNameOctetsMax) decide(out);
      continue;
    }
    const std::size_t taken = line_octets(octets);
    at_line_start_ = octets[taken - 1] == '\n';
    if (passing_) out += octets.substr(0, taken);
    octets.remove_prefix(taken);
  }
}

void FieldFilter::finish(std::string& out) {
  if (holding_ && !done_) decide(out);
}

std::string filter_fields(std::string_view header, FieldSelection selection,
                          const std::vector<std::string>& names) {
  std::string out;
  FieldFilter filter(selection, names);
  filter.feed(header, out);
  filter.finish(out);
  return out;
}

}  // namespace postern::mime
