// ENVELOPE, BODY and BODYSTRUCTURE of a scanned message (RFC 3501 §7.4.2), extension data included.
#pragma once

#include <string>

#include "storage/mime/part.h"

namespace postern::imap {

void print_envelope(std::string& out, const mime::Envelope& envelope);
// message/global is a leaf to a client of IMAP4rev1, and a message like message/rfc822 to one that reads
// UTF-8 (RFC 6855 §3, RFC 9051 §9).
enum class GlobalMessages : bool { leaves, messages };
void print_body(std::string& out, const mime::Part& part, GlobalMessages global);  // without extension data
void print_body_structure(std::string& out, const mime::Part& part, GlobalMessages global);  // with it

}  // namespace postern::imap
