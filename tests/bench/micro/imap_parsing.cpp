// From a line a client sent to the command it is: framer, table, parser.
#include <stdexcept>

#include "protocols/imap/command_table.h"
#include "protocols/imap/grammar/framer.h"
#include "tests/bench/micro/hot_paths.h"

namespace postern::bench {

namespace {

std::size_t parse(const std::string& line) {
  imap::Framer framer(imap::kAfterLogIn);
  imap::InputLine input;
  input.text = line;
  if (framer.line(input) != imap::FramerState::complete) throw std::runtime_error("no frame: " + line);
  const imap::Frame frame = framer.take_frame();
  const imap::CommandRow* row = imap::find_command(frame.name);
  imap::Cursor in(frame.arguments);
  const auto command = row->parse(in);
  if (!command) throw std::runtime_error(command.error().detail);
  return command->index();
}

Operation parsing(const std::string& name, const std::string& line) {
  return {"imap_parse/" + name, line.size(), [line] { return parse(line); }};
}

std::string scattered_set(int ranges) {
  std::string set;
  for (int i = 0; i < ranges; ++i) {
    set += (i == 0 ? "" : ",") + std::to_string(1 + i * 10) + ":" + std::to_string(5 + i * 10);
  }
  return set;
}

}  // namespace

std::vector<Operation> imap_parsing() {
  return {
      parsing("noop", "a1 NOOP"),
      parsing("fetch_flags", "a2 FETCH 1:* (UID FLAGS)"),
      parsing(
          "fetch_headers",
          "a3 UID FETCH 90001:* (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (From To Cc Bcc Subject Date "
          "Message-ID Priority X-Priority References Newsgroups In-Reply-To Content-Type Reply-To)])"),
      parsing("store", "a4 UID STORE 17,19:25 +FLAGS.SILENT (\\Seen $Forwarded)"),
      parsing("search", "a5 UID SEARCH UNDELETED SINCE 1-Mar-2026 OR FROM \"joe\" SUBJECT \"invoice\""),
      parsing("store_1000_ranges", "a6 UID STORE " + scattered_set(1000) + " +FLAGS.SILENT (\\Seen)"),
  };
}

}  // namespace postern::bench
