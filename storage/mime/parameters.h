// The parameter list behind a Content-Type or Content-Disposition. RFC 2045 §5.1, RFC 2231 §3 and §4.
#pragma once

#include <string_view>
#include <vector>

#include "storage/mime/part.h"

namespace postern::mime {

// token = 1*<any CHAR except SPACE, CTLs and tspecials>                                   RFC 2045 §5.1
bool is_token_octet(char c);
// The token at the front of `text`, maybe empty; removed from it together with blanks and comments around it.
std::string_view take_token(std::string_view& text);

// Everything behind the type, with or without its first semicolon. At most kParametersMax parameters are
// read, pieces of one value counted singly; pieces behind a gap in their numbers are dropped.
std::vector<Parameter> parse_parameters(std::string_view text);

}  // namespace postern::mime
