// rooms: imap_grammar
// Framing and every parser, under the limits of strangers and of users. The input is what a client sends;
// lines and literals are cut as the session would cut them.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "protocols/imap/grammar/framer.h"
#include "protocols/imap/grammar/message_url.h"
#include "protocols/imap/grammar/parse.h"
#include "protocols/imap/grammar/search.h"
#include "protocols/imap/grammar/sequence_set.h"

using namespace postern;
using namespace postern::imap;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

template <class C>
void check(Result<C> (*parser)(Cursor&), std::string_view arguments) {
  Cursor in(arguments);
  const Result<C> parsed = parser(in);
  require(parsed.has_value() == in.ok());
  if (!parsed) {
    require(parsed.error().kind == ErrorKind::invalid || parsed.error().kind == ErrorKind::too_large);
    require(!parsed.error().detail.empty() && parsed.error().detail.size() < 200);
  }
}

void check_set(const SequenceSet& set) {
  for (std::uint32_t exists : {0u, 1u, 7u, 4294967295u}) {
    std::uint64_t before = 0;
    if (const auto ranges = resolve_numbers(set, exists)) {
      for (const NumberRange& range : *ranges) {
        require(range.first > before && range.last >= range.first && range.last <= exists);
        before = std::uint64_t{range.last} + 1;  // not adjacent either
      }
    }
    resolve_uids(set, Uid(exists));
  }
}

void check_search(Result<Search> (*parser)(Cursor&), std::string_view arguments) {
  Cursor in(arguments);
  Result<Search> search = parser(in);
  if (!search) return;
  for (const SearchSet& set : search->program.sets) check_set(set.set);
  SearchView view;
  view.exists = 9;
  view.uid = [](std::uint32_t number) { return Uid(number * 3); };
  view.with_email_id = [](const std::string&) { return UidSet(); };
  resolve(std::move(search->program), view);
}

void check_all(std::string_view arguments) {
  check(parse_bare<Noop>, arguments);
  check(parse_uid_batches, arguments);
  check(parse_multi_search, arguments);
  check(parse_notify, arguments);
  check(parse_get_metadata, arguments);
  check(parse_set_metadata, arguments);
  check(parse_id, arguments);
  check(parse_authenticate, arguments);
  check(parse_login, arguments);
  check(parse_enable, arguments);
  check(parse_select, arguments);
  check(parse_examine, arguments);
  check(parse_create, arguments);
  check(parse_delete, arguments);
  check(parse_rename, arguments);
  check(parse_subscribe, arguments);
  check(parse_unsubscribe, arguments);
  check(parse_status, arguments);
  check(parse_list, arguments);
  check(parse_lsub, arguments);
  check(parse_append, arguments);
  check(parse_next_appends, arguments);
  check(parse_more_parts, arguments);
  const auto url = parse_message_url(arguments);
  require(url || !url.error().detail.empty());
  check(parse_uid_replace, arguments);
  check(parse_compress, arguments);
  check(parse_uid_sort, arguments);
  check(parse_thread, arguments);
  check(parse_get_quota, arguments);
  check(parse_get_quota_root, arguments);
  check(parse_fetch, arguments);
  check(parse_uid_fetch, arguments);
  check(parse_store, arguments);
  check(parse_uid_store, arguments);
  check(parse_copy, arguments);
  check(parse_uid_copy, arguments);
  check(parse_move, arguments);
  check(parse_uid_move, arguments);
  check(parse_uid_expunge, arguments);
  check_search(parse_search, arguments);
  check_search(parse_uid_search, arguments);
}

// The next line of the input as net/line_io would report it.
InputLine next_line(std::string_view& input, std::size_t octets_max) {
  InputLine line;
  const std::size_t end = input.find('\n');
  line.text = input.substr(0, end);
  if (line.text.size() > octets_max) {
    line.text = line.text.substr(0, octets_max);
    line.too_long = true;
    input.remove_prefix(octets_max);
    return line;
  }
  input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  line.has_nul = line.text.find('\0') != std::string_view::npos;
  line.has_bare_cr = line.text.find('\r') != std::string_view::npos;
  return line;
}

void converse(std::string_view input, FramerLimits limits) {
  Framer framer(limits);
  while (!input.empty()) {
    FramerState state = framer.line(next_line(input, framer.line_octets_max()));
    while (state == FramerState::need_literal && framer.literal_octets() > 0) {
      require(framer.literal_octets() <= limits.literal_octets_max);
      if (input.empty()) return;
      const std::string_view piece = input.substr(0, std::min<std::uint64_t>(framer.literal_octets(), 7));
      state = framer.literal(piece);
      input.remove_prefix(piece.size());
    }
    if (state == FramerState::refused) {
      const Refusal refusal = framer.take_refusal();
      require(!refusal.text.empty() && !framer.in_command());
      for (char c : refusal.tag) require(is_tag_char(c));
      if (refusal.close) return;
    }
    if (state == FramerState::message) {
      input.remove_prefix(std::min<std::uint64_t>(framer.literal_octets(), input.size()));
    }
    if (state == FramerState::complete || state == FramerState::message) {
      const Frame frame = framer.take_frame();
      require(!frame.tag.empty() && !frame.name.empty() && !framer.in_command());
      require(frame.arguments.size() <= limits.total_octets_max);
      require(frame.arguments.find('\0') == std::string::npos);
      check_all(frame.arguments);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(octets), size);
  converse(input, kBeforeLogIn);
  converse(input, kAfterLogIn);
  return 0;
}
