// Arguments of ID, AUTHENTICATE, LOGIN, ENABLE and COMPRESS (RFC 2971, RFC 3501 §6.2, RFC 4959, 5161, 4978).
#include "gateway/base/text.h"
#include "protocols/imap/grammar/parse.h"

namespace postern::imap {

namespace {

// RFC 2971 §3.3
constexpr std::size_t kIdFieldsMax = 30;
constexpr std::size_t kIdNameOctetsMax = 30;
constexpr std::size_t kIdValueOctetsMax = 1024;

Id::Field parse_id_field(Cursor& in) {
  Id::Field field;
  const std::size_t begin = in.position();
  field.first = in.string("a field name");
  in.space();
  field.second = in.nstring();
  if (field.first.size() > kIdNameOctetsMax || field.second.value_or("").size() > kIdValueOctetsMax) {
    in.fail_at(begin, "expected a field of at most 30 and 1024 octets");
  }
  return field;
}

// base64 = *(4base64-char) [base64-terminal]; its "/", "+" and "=" are all atom characters.
Secret parse_base64(Cursor& in) {
  const std::size_t begin = in.position();
  auto octets = text::unbase64(in.atom("base64"));
  if (!octets) in.fail_at(begin, "expected base64");
  return Secret(std::move(octets).value_or(""));
}

}  // namespace

Result<Id> parse_id(Cursor& in) {
  Id id;
  if (!in.take_word("NIL")) id.fields = in.list(parse_id_field, 0);
  if (id.fields.size() > kIdFieldsMax) in.fail("expected at most 30 fields");
  return in.finish(std::move(id));
}

Result<Authenticate> parse_authenticate(Cursor& in) {
  Authenticate authenticate;
  authenticate.mechanism = in.word("a mechanism");
  if (in.take(" ")) {
    if (in.take_word("=")) {
      authenticate.initial_response = Secret();
    } else {
      authenticate.initial_response = parse_base64(in);
    }
  }
  return in.finish(std::move(authenticate));
}

Result<Login> parse_login(Cursor& in) {
  Login login;
  login.user = in.astring("a user name");
  in.space();
  login.password = Secret(in.astring("a password"));
  return in.finish(std::move(login));
}

Result<Enable> parse_enable(Cursor& in) {
  Enable enable;
  do {
    if (enable.capabilities.size() == kListItemsMax) in.fail("expected at most 1000 capabilities");
    enable.capabilities.push_back(in.word("a capability"));
  } while (in.take(" "));
  return in.finish(std::move(enable));
}

Result<Compress> parse_compress(Cursor& in) {
  Compress compress;
  compress.mechanism = in.word("a mechanism");
  return in.finish(std::move(compress));
}

}  // namespace postern::imap
