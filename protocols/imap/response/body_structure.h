// ENVELOPE, BODY and BODYSTRUCTURE of a scanned message (RFC 3501 §7.4.2), extension data included.
#pragma once

#include <string>

#include "storage/mime/part.h"

namespace postern::imap {

void print_envelope(std::string& out, const mime::Envelope& envelope);
void print_body(std::string& out, const mime::Part& part);            // without extension data
void print_body_structure(std::string& out, const mime::Part& part);  // with it

}  // namespace postern::imap
