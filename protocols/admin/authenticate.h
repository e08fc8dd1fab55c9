// Who a request comes from: root at the machine's socket, a bearer token, or a session of the page. Deny by
// default: what is not proven is nobody.
#pragma once

#include "protocols/admin/call.h"

namespace postern::admin {

enum class Trust : std::uint8_t {
  proven,  // by a token or a session
  socket,  // whoever may open the socket is root
};

constexpr const char* kSessionCookie = "__Host-postern";

// The principal into call.who, or what is to be answered: 401, 403 (in clear, or a write of the page without
// its token), 503.
Task<std::optional<Answer>> authenticate(Call& call, Trust trust, bool writes);

Answer sign_in_first();
// What a page session is known by: its cookie's hash, and the token that its writes carry.
std::string session_hash(std::string_view cookie);
std::string csrf_token_of(std::string_view cookie);
// False: a browser says that another site's page asks.
bool same_origin(const http::RequestHead& head);

Principal principal_of(const Administrator& administrator);
Principal principal_of(const AccountRecord& account);

}  // namespace postern::admin
