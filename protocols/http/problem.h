// Errors for clients: plain words for people and phones, or RFC 9457 problem details for programs. Neither
// tells an Error's detail, which is for the log.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "protocols/http/message.h"

namespace postern::http {

// The one translation of kinds into statuses. `closed` has none: the connection ends.
int status_of(ErrorKind kind);

// "text/plain; charset=utf-8"; the text ends in a newline. Empty text: the status's own words.
Response plain(int status, std::string_view text = {});
// application/problem+json with status, title and, unless empty, detail.
Response problem(int status, std::string_view detail = {});

}  // namespace postern::http
