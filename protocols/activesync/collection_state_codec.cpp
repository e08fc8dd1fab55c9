// The octets of a CollectionState, which a ledger keeps as the protocol's own.
#include <algorithm>

#include "protocols/activesync/collection_state.h"
#include "protocols/activesync/octet_fields.h"

namespace postern::activesync {

namespace {

// The second has drafts; it is written only if there are any, so that nodes of before go on reading the rest.
constexpr std::uint64_t kFormat = 1;
constexpr std::uint64_t kFormatWithDrafts = 2;

bool has_drafts(const CollectionState& state) {
  const bool refused_add =
      std::any_of(state.refused.begin(), state.refused.end(),
                  [](const RefusedCommand& one) { return one.kind == CommandKind::add; });
  return refused_add || !state.renamed.empty();
}

// 0 is absent, so that a number and its absence are one field.
void write_optional(OctetWriter& out, std::optional<std::uint32_t> value) {
  out.number(value ? std::uint64_t{*value} + 1 : 0);
}
std::optional<std::uint32_t> read_optional(OctetReader& in) {
  const std::uint64_t value = in.number(std::uint64_t{UINT32_MAX} + 1);
  if (value == 0) return std::nullopt;
  return static_cast<std::uint32_t>(value - 1);
}

void write_preference(OctetWriter& out, const BodyPreference& preference) {
  out.number(static_cast<std::uint8_t>(preference.type));
  write_optional(out, preference.truncation_size);
  out.number(preference.all_or_none ? 1 : 0);
  out.number(preference.preview_characters);
}
BodyPreference read_preference(OctetReader& in) {
  BodyPreference preference;
  preference.type = static_cast<BodyType>(in.number(4));
  preference.truncation_size = read_optional(in);
  preference.all_or_none = in.number(1) == 1;
  preference.preview_characters = static_cast<std::uint32_t>(in.number(255));
  return preference;
}

void write_options(OctetWriter& out, const SyncOptions& options) {
  out.number(options.filter_type);
  out.number(static_cast<std::uint8_t>(options.conflict));
  out.number(static_cast<std::uint8_t>(options.body.mime_support));
  write_optional(out, options.body.mime_truncation_octets);
  out.number(options.body.part ? 1 : 0);
  if (options.body.part) write_preference(out, *options.body.part);
  out.number(options.body.preferences.size());
  for (const BodyPreference& one : options.body.preferences) write_preference(out, one);
}
SyncOptions read_options(OctetReader& in) {
  SyncOptions options;
  options.filter_type = static_cast<std::uint32_t>(in.number(8));
  options.conflict = static_cast<Conflict>(in.number(1));
  options.body.mime_support = static_cast<MimeSupport>(in.number(2));
  options.body.mime_truncation_octets = read_optional(in);
  if (in.number(1) == 1) options.body.part = read_preference(in);
  for (std::size_t left = in.count(); left > 0; --left) {
    options.body.preferences.push_back(read_preference(in));
  }
  return options;
}

}  // namespace

std::string encode(const CollectionState& state) {
  OctetWriter out;
  out.number(has_drafts(state) ? kFormatWithDrafts : kFormat);
  write_options(out, state.options);
  out.number(static_cast<std::uint64_t>(state.first_day));
  out.number(raw(state.uid_next));
  for (const UidSet* set :
       {&state.known, &state.to_add, &state.to_change, &state.to_remove, &state.to_soft_remove}) {
    out.uids(*set);
  }
  out.text(state.commands_digest);
  out.number(state.refused.size());
  for (const RefusedCommand& one : state.refused) {
    out.number(static_cast<std::uint8_t>(one.kind));
    out.text(one.id);
    out.number(one.status);
  }
  if (has_drafts(state)) {
    out.number(state.renamed.size());
    for (const Renamed& one : state.renamed) {
      out.number(raw(one.told));
      out.number(raw(one.now));
    }
  }
  return out.take();
}

Result<CollectionState> decode_collection_state(std::string_view octets) {
  OctetReader in(octets);
  CollectionState state;
  const std::uint64_t format = in.number();
  state.options = read_options(in);
  state.first_day = static_cast<std::int64_t>(in.number(INT32_MAX));
  state.uid_next = Uid{static_cast<std::uint32_t>(in.number(UINT32_MAX))};
  for (UidSet* set :
       {&state.known, &state.to_add, &state.to_change, &state.to_remove, &state.to_soft_remove}) {
    *set = in.uids();
  }
  state.commands_digest = in.text();
  for (std::size_t left = in.count(); left > 0; --left) {
    RefusedCommand one;
    one.kind = static_cast<CommandKind>(in.number(2));
    one.id = in.text();
    one.status = static_cast<std::uint16_t>(in.number(UINT16_MAX));
    state.refused.push_back(std::move(one));
  }
  for (std::size_t left = format == kFormatWithDrafts ? in.count() : 0; left > 0; --left) {
    Renamed one;
    one.told = Uid{static_cast<std::uint32_t>(in.number(UINT32_MAX))};
    one.now = Uid{static_cast<std::uint32_t>(in.number(UINT32_MAX))};
    state.renamed.push_back(one);
  }
  const bool known_format = format == kFormat || format == kFormatWithDrafts;
  if (!known_format || !in.ok() || !in.at_end())
    return Error(ErrorKind::internal, "a ledger's collection state");
  return state;
}

}  // namespace postern::activesync
