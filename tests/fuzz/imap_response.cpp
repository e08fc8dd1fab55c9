// rooms: imap_response mime
// Whatever a message holds, its ENVELOPE, BODY and BODYSTRUCTURE read back as one balanced list of strings,
// numbers and NIL, without NUL and without eight-bit octets outside literals.
#include <cstdlib>
#include <string_view>

#include "protocols/imap/grammar/cursor.h"
#include "protocols/imap/response/body_structure.h"
#include "storage/mime/scanner.h"

using namespace postern;
using namespace postern::imap;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void read_string(Cursor& in) {
  if (in.peek('"')) {
    for (char c : in.string()) require(c >= ' ' && c < '\x7F');
  } else if (in.peek('{')) {
    require(in.string().find('\0') == std::string::npos);
  } else if (in.peek_digit()) {
    in.number(UINT64_MAX);
  } else {
    require(in.take_word("NIL"));
  }
  require(in.ok());
}

// Spaces between values, none before ")", none but optionally between lists.
void check_list(std::string_view printed) {
  Cursor in(printed);
  require(in.take("("));
  std::size_t depth = 1;
  while (depth > 0) {
    if (in.take("(")) {
      ++depth;
      require(!in.peek(')') && !in.peek(' '));
    } else if (in.take(")")) {
      --depth;
    } else if (in.take(" ")) {
      require(!in.peek(')') && !in.peek(' '));
    } else {
      read_string(in);
      require(in.peek(' ') || in.peek(')'));
    }
  }
  require(in.ok() && in.at_end());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const mime::Structure scanned = mime::scan({reinterpret_cast<const char*>(octets), size});
  for (auto* print : {print_body, print_body_structure}) {
    for (const GlobalMessages global : {GlobalMessages::leaves, GlobalMessages::messages}) {
      std::string out;
      print(out, scanned.root, global);
      check_list(out);
    }
  }
  std::string out;
  print_envelope(out, scanned.envelope);
  check_list(out);
  return 0;
}
