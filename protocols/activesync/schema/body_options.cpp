#include "protocols/activesync/schema/body_options.h"

#include <algorithm>
#include <array>

#include "protocols/activesync/schema/values.h"

namespace postern::activesync {

namespace {

// nullopt: a value that the schema excludes, or no Type.
std::optional<BodyPreference> read_preference(Element element) {
  BodyPreference preference;
  bool typed = false;
  for (const Element child : element) {
    switch (child.tag()) {
      case "AirSyncBase:Type"_tag: {
        const auto type = number_of(child, 4);
        if (!type || *type == 0) return std::nullopt;
        preference.type = static_cast<BodyType>(*type);
        typed = true;
        break;
      }
      case "AirSyncBase:TruncationSize"_tag:
        preference.truncation_size = number_of(child);
        if (!preference.truncation_size) return std::nullopt;
        break;
      case "AirSyncBase:AllOrNone"_tag: {
        const auto all_or_none = boolean_of(child, true);
        if (!all_or_none) return std::nullopt;
        preference.all_or_none = *all_or_none;
        break;
      }
      case "AirSyncBase:Preview"_tag: {
        const auto characters = number_of(child, 255);
        if (!characters) return std::nullopt;
        preference.preview_characters = *characters;
        break;
      }
      default: break;
    }
  }
  if (!typed) return std::nullopt;
  // AllOrNone means nothing without a size (MS-ASAIRS section 2.2.2.1).
  if (!preference.truncation_size) preference.all_or_none = false;
  return preference;
}

// MS-ASCMD section 2.2.3.113: what the classes 0 to 7 allow; 8 does not truncate.
constexpr std::array<std::uint32_t, 8> kMimeTruncationOctets{0,      4'096,  5'120,  7'168,
                                                             10'240, 20'480, 51'200, 102'400};

}  // namespace

const BodyPreference* BodyOptions::preference(BodyType type) const {
  const auto found = std::find_if(preferences.begin(), preferences.end(),
                                  [type](const BodyPreference& one) { return one.type == type; });
  return found == preferences.end() ? nullptr : &*found;
}

Parsed<Taken> take_body_option(Element option, Status malformed, BodyOptions& options) {
  switch (option.tag()) {
    case "AirSyncBase:BodyPreference"_tag: {
      const auto preference = read_preference(option);
      if (!preference || options.preference(preference->type) != nullptr) return malformed;
      options.preferences.push_back(*preference);
      return Taken::yes;
    }
    case "AirSyncBase:BodyPartPreference"_tag: {
      const auto preference = read_preference(option);
      if (!preference || options.part) return malformed;
      if (preference->type != BodyType::html) return CommonStatus::body_part_type_not_supported;
      options.part = *preference;
      return Taken::yes;
    }
    case "AirSync:MIMESupport"_tag: {
      const auto support = number_of(option, 2);
      if (!support) return malformed;
      options.mime_support = static_cast<MimeSupport>(*support);
      return Taken::yes;
    }
    case "AirSync:MIMETruncation"_tag: {
      const auto size_class = number_of(option, kMimeTruncationOctets.size());
      if (!size_class) return malformed;
      options.mime_truncation_octets.reset();
      if (*size_class < kMimeTruncationOctets.size()) {
        options.mime_truncation_octets = kMimeTruncationOctets[*size_class];
      }
      return Taken::yes;
    }
    default: return Taken::not_mine;
  }
}

}  // namespace postern::activesync
