#include "protocols/shared/endpoints.h"

namespace postern {

std::vector<Endpoint> endpoints_from(const std::vector<EndpointSettings>& settings, const std::string& alpn) {
  std::vector<Endpoint> endpoints;
  for (const EndpointSettings& one : settings) {
    Endpoint& endpoint = endpoints.emplace_back();
    endpoint.address = one.address;
    endpoint.port = one.port;
    if (one.tls == "starttls") endpoint.tls = TlsMode::starttls;
    if (one.tls == "implicit") endpoint.tls = TlsMode::implicit;
    endpoint.alpn = alpn;
    endpoint.proxy_from = one.proxy_from;
  }
  return endpoints;
}

}  // namespace postern
