#include "protocols/imap/response/body_structure.h"

#include "protocols/imap/response/writer.h"

namespace postern::imap {

namespace {

enum class Extension : bool { left_out, printed };

struct Form {
  Extension extension = Extension::left_out;
  GlobalMessages global = GlobalMessages::leaves;
};

// Multiparts without parts, and what is nested beyond what a scanner makes, become this: the grammar wants at
// least one body, and an empty text is the one that costs a client nothing.
constexpr std::string_view kEmptyText = R"(("text" "plain" NIL NIL NIL "7bit" 0 0))";
constexpr std::string_view kEmptyTextExtended = R"(("text" "plain" NIL NIL NIL "7bit" 0 0 NIL NIL NIL NIL))";

void print_addresses(Writer& out, const std::vector<mime::EnvelopeAddress>& addresses) {
  if (addresses.empty()) {
    out.raw("NIL");
    return;
  }
  out.raw("(");
  for (const mime::EnvelopeAddress& address : addresses) {
    out.raw("(").nstring(address.name).raw(" ").nstring(address.route).raw(" ");
    out.nstring(address.mailbox).raw(" ").nstring(address.host).raw(")");
  }
  out.raw(")");
}

void print_envelope(Writer& out, const mime::Envelope& envelope) {
  out.raw("(").nstring(envelope.date).raw(" ").nstring(envelope.subject);
  for (const auto* addresses :
       {&envelope.from, &envelope.sender, &envelope.reply_to, &envelope.to, &envelope.cc, &envelope.bcc}) {
    out.raw(" ");
    print_addresses(out, *addresses);
  }
  out.raw(" ").nstring(envelope.in_reply_to).raw(" ").nstring(envelope.message_id).raw(")");
}

// body-fld-param
void print_parameters(Writer& out, const std::vector<mime::Parameter>& parameters) {
  if (parameters.empty()) {
    out.raw("NIL");
    return;
  }
  std::string_view separator = "(";
  for (const mime::Parameter& parameter : parameters) {
    out.raw(separator).string(parameter.name).raw(" ").string(parameter.value);
    separator = " ";
  }
  out.raw(")");
}

// What ends a body-ext-1part and a body-ext-mpart alike: disposition, language, location.
void print_extension(Writer& out, const mime::Part& part) {
  if (part.disposition) {
    out.raw(" (").string(*part.disposition).raw(" ");
    print_parameters(out, part.disposition_parameters);
    out.raw(") ");
  } else {
    out.raw(" NIL ");
  }
  if (part.language.empty()) {
    out.raw("NIL");
  } else {
    std::string_view separator = "(";
    for (const std::string& language : part.language) {
      out.raw(separator).string(language);
      separator = " ";
    }
    out.raw(")");
  }
  out.raw(" ").nstring(part.location);
}

void print_part(Writer& out, const mime::Part& part, Form form, std::size_t depth);

void print_child(Writer& out, const mime::Part* part, Form form, std::size_t depth) {
  if (part == nullptr || depth > mime::kDepthMax) {
    out.raw(form.extension == Extension::printed ? kEmptyTextExtended : kEmptyText);
  } else {
    print_part(out, *part, form, depth);
  }
}

// body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
void print_multipart(Writer& out, const mime::Part& part, Form form, std::size_t depth) {
  if (part.children.empty()) print_child(out, nullptr, form, depth);
  for (const mime::Part& child : part.children) print_child(out, &child, form, depth + 1);
  out.raw(" ").string(part.subtype);
  if (form.extension == Extension::left_out) return;
  out.raw(" ");
  print_parameters(out, part.parameters);
  print_extension(out, part);
}

bool shows_inside(const mime::Part& part, Form form) {
  return part.is_message() && (part.subtype == "rfc822" || form.global == GlobalMessages::messages);
}

// body-type-1part
void print_single(Writer& out, const mime::Part& part, Form form, std::size_t depth) {
  out.string(part.type).raw(" ").string(part.subtype).raw(" ");
  print_parameters(out, part.parameters);
  out.raw(" ").nstring(part.id).raw(" ").nstring(part.description).raw(" ").string(part.encoding);
  out.raw(" ").number(part.body.size());
  if (shows_inside(part, form)) {
    out.raw(" ");
    print_envelope(out, part.envelope.value_or(mime::Envelope()));
    out.raw(" ");
    print_child(out, part.children.empty() ? nullptr : &part.children.front(), form, depth + 1);
    out.raw(" ").number(part.lines);
  } else if (part.type == "text") {
    out.raw(" ").number(part.lines);
  }
  if (form.extension == Extension::left_out) return;
  out.raw(" ").nstring(part.md5);
  print_extension(out, part);
}

void print_part(Writer& out, const mime::Part& part, Form form, std::size_t depth) {
  out.raw("(");
  if (part.is_multipart()) {
    print_multipart(out, part, form, depth);
  } else {
    print_single(out, part, form, depth);
  }
  out.raw(")");
}

}  // namespace

void print_envelope(std::string& out, const mime::Envelope& envelope) {
  Writer writer(out);
  print_envelope(writer, envelope);
}

void print_body(std::string& out, const mime::Part& part, GlobalMessages global) {
  Writer writer(out);
  print_part(writer, part, {Extension::left_out, global}, 0);
}

void print_body_structure(std::string& out, const mime::Part& part, GlobalMessages global) {
  Writer writer(out);
  print_part(writer, part, {Extension::printed, global}, 0);
}

}  // namespace postern::imap
