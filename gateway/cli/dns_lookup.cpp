#include "gateway/cli/dns_lookup.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <fmt/format.h>
#include <netdb.h>
#include <resolv.h>

#include <array>
#include <cstring>

#include "gateway/base/text.h"

namespace postern::cli {

namespace {

constexpr std::size_t kAnswerOctetsMax = 65535;
constexpr int kTimeoutS = 3;
constexpr int kTries = 2;

class Resolver {
 public:
  Resolver() : ready_(::res_ninit(&state_) == 0) {
    state_.retrans = kTimeoutS;
    state_.retry = kTries;
  }
  ~Resolver() {
    if (ready_) ::res_nclose(&state_);
  }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  bool use(const DnsServer& server) {
    sockaddr_in& address = state_.nsaddr_list[0];
    std::memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port);
    state_.nscount = 1;
    return ::inet_pton(AF_INET, server.address.c_str(), &address.sin_addr) == 1;
  }
  // Octets of the answer; negative: h_errno() says why there is none.
  int ask(const std::string& name, int type, std::vector<unsigned char>& answer) {
    return ::res_nquery(&state_, name.c_str(), ns_c_in, type, answer.data(), static_cast<int>(answer.size()));
  }
  int reason() const { return state_.res_h_errno; }
  explicit operator bool() const { return ready_; }

 private:
  struct __res_state state_ {};
  bool ready_;
};

std::optional<int> type_from(const std::string& name) {
  if (name == "MX") return ns_t_mx;
  if (name == "SRV") return ns_t_srv;
  if (name == "CNAME") return ns_t_cname;
  if (name == "TXT") return ns_t_txt;
  if (name == "A") return ns_t_a;
  if (name == "AAAA") return ns_t_aaaa;
  return std::nullopt;
}

// A name inside a record, which may be compressed; nullopt: the answer is broken.
std::optional<std::string> name_at(const ns_msg& message, const unsigned char* at) {
  std::array<char, NS_MAXDNAME> name{};
  if (::ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), at, name.data(), name.size()) < 0) {
    return std::nullopt;
  }
  std::string text = text::to_lower(name.data());
  return text.ends_with('.') ? text : text + '.';
}

// RFC 1035 §3.3.14: strings with a length in front; shown as one.
std::optional<std::string> txt_value(const unsigned char* at, std::size_t octets) {
  std::string text;
  for (std::size_t i = 0; i < octets;) {
    const std::size_t length = at[i];
    if (i + 1 + length > octets) return std::nullopt;
    text.append(reinterpret_cast<const char*>(at) + i + 1, length);
    i += 1 + length;
  }
  return '"' + text + '"';
}

std::optional<std::string> address_text(int family, const unsigned char* octets) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (::inet_ntop(family, octets, text.data(), text.size()) == nullptr) return std::nullopt;
  return std::string(text.data());
}

std::optional<std::string> value_of(const ns_msg& message, const ns_rr& record) {
  const unsigned char* data = ns_rr_rdata(record);
  const std::size_t octets = ns_rr_rdlen(record);
  const auto number = [&](std::size_t index) { return ns_get16(data + 2 * index); };
  std::optional<std::string> name;
  switch (ns_rr_type(record)) {
    case ns_t_txt: return txt_value(data, octets);
    case ns_t_a: return octets == NS_INADDRSZ ? address_text(AF_INET, data) : std::nullopt;
    case ns_t_aaaa: return octets == NS_IN6ADDRSZ ? address_text(AF_INET6, data) : std::nullopt;
    case ns_t_cname: return name_at(message, data);
    case ns_t_mx:
      if (octets > 2) name = name_at(message, data + 2);
      if (name) return fmt::format("{} {}", number(0), *name);
      return std::nullopt;
    case ns_t_srv:
      if (octets > 6) name = name_at(message, data + 6);
      if (name) return fmt::format("{} {} {} {}", number(0), number(1), number(2), *name);
      return std::nullopt;
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<DnsServer> parse_dns_server(const std::string& text) {
  DnsServer server;
  const std::size_t colon = text.find(':');
  server.address = text.substr(0, colon);
  in_addr ignored{};
  if (::inet_pton(AF_INET, server.address.c_str(), &ignored) != 1) return std::nullopt;
  if (colon == std::string::npos) return server;
  const auto port = text::number(text.substr(colon + 1), 65535);
  if (!port || *port == 0) return std::nullopt;
  server.port = static_cast<std::uint16_t>(*port);
  return server;
}

Result<std::vector<std::string>> dns_lookup(const std::string& name, const std::string& type,
                                            const std::optional<DnsServer>& server) {
  const auto number = type_from(type);
  if (!number) return Error(ErrorKind::invalid, "no type to ask for: " + type);
  Resolver resolver;
  if (!resolver || (server && !resolver.use(*server))) return Error(ErrorKind::unavailable, "no resolver");
  std::vector<unsigned char> answer(kAnswerOctetsMax);
  const int octets = resolver.ask(name, *number, answer);
  std::vector<std::string> values;
  if (octets < 0) {
    const bool none = resolver.reason() == HOST_NOT_FOUND || resolver.reason() == NO_DATA;
    if (none) return values;
    return Error(ErrorKind::unavailable, name + ": no answer from the DNS");
  }
  ns_msg message;
  if (::ns_initparse(answer.data(), octets, &message) != 0)
    return Error(ErrorKind::unavailable, "a broken answer");
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record;
    if (::ns_parserr(&message, ns_s_an, i, &record) != 0) break;
    // In front of what was asked for may stand the CNAMEs on the way to it.
    if (ns_rr_type(record) != *number) continue;
    if (auto value = value_of(message, record)) values.push_back(*std::move(value));
  }
  return values;
}

}  // namespace postern::cli
