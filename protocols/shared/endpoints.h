// A door's endpoints as the settings name them.
#pragma once

#include <string>
#include <vector>

#include "config/settings.h"
#include "gateway/net/front_end.h"

namespace postern {

// `alpn`: the protocol id that TLS clients may ask for (RFC 7301); empty: none is checked.
std::vector<Endpoint> endpoints_from(const std::vector<EndpointSettings>& settings, const std::string& alpn);

}  // namespace postern
