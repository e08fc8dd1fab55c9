// From what the store knows of a message to its FETCH response.
#include "protocols/imap/response/fetch.h"
#include "storage/mime/scanner.h"
#include "tests/bench/client/messages.h"
#include "tests/bench/micro/hot_paths.h"

namespace postern::bench {

namespace {

constexpr std::uint32_t kNumber = 4711;

std::size_t write_flags(std::string& out, const std::string& flags) {
  out.clear();
  imap::FetchResponse response(out, kNumber);
  response.uid(Uid{90'017});
  response.flags(flags);
  response.finish();
  return out.size();
}

std::size_t write_list(std::string& out, const std::string& flags, const mime::Structure& structure) {
  out.clear();
  imap::FetchResponse response(out, kNumber);
  response.uid(Uid{90'017});
  response.flags(flags);
  response.rfc822_size(20'480);
  response.internal_date(WallTime(std::chrono::seconds(1'770'000'000)), 60);
  response.envelope(structure.envelope);
  response.body_structure(structure.root);
  response.finish();
  return out.size();
}

}  // namespace

std::vector<Operation> fetch_writing() {
  const Messages messages(Sizes::small, "micro");
  const mime::Structure structure = mime::scan(messages.octets(3));  // text beside HTML, and an attachment
  const std::string stored = mime::encode(structure);
  const std::string flags = imap::flags_text(Flags{}.set(SystemFlag::seen).set(SystemFlag::answered), false);
  std::string out;
  const std::size_t flags_octets = write_flags(out, flags);
  const std::size_t list_octets = write_list(out, flags, structure);
  return {
      {"fetch_write/uid_flags", flags_octets, [flags, out]() mutable { return write_flags(out, flags); }},
      {"fetch_write/envelope_bodystructure", list_octets,
       [flags, structure, out]() mutable { return write_list(out, flags, structure); }},
      {"fetch_write/decode_structure", stored.size(),
       [stored] { return mime::decode(stored)->list_headers.size(); }},
  };
}

}  // namespace postern::bench
