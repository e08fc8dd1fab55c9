#include "gateway/net/tls_context.h"

#include <algorithm>
#include <map>

#include "gateway/base/text.h"
#include "gateway/net/openssl_handles.h"
#include "gateway/net/tls_stream.h"
#include "gateway/net/tls_tickets.h"

namespace postern {

namespace {

// Forward secrecy and authenticated encryption only (RFC 7525bis = RFC 9325 §4.2); TLS 1.3 has nothing else.
constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

Error file_error(const std::string& file) {
  return Error(ErrorKind::invalid, file + ": " + openssl_reason());
}

// A key that asks for a passphrase must fail, not wait at a terminal.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

std::string normal_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return text::to_lower(name);
}

std::vector<std::string> names_in(X509* certificate) {
  std::vector<std::string> names;
  const OwnedNames alternatives(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(alternatives.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(alternatives.get(), i);
    if (name->type != GEN_DNS) continue;
    const auto* octets = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
    names.emplace_back(octets, static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
  }
  return names;
}

// The door's one protocol id, if the client brings a list; a client without ALPN is welcome (RFC 7301 §3.2,
// and RFC 9325 §3.7 on attacks across protocols).
int select_alpn(SSL* ssl, const unsigned char** out, unsigned char* out_octets, const unsigned char* in,
                unsigned int in_octets, void*) {
  const std::string& required = static_cast<TlsStream*>(SSL_get_app_data(ssl))->required_alpn();
  if (required.empty()) return SSL_TLSEXT_ERR_NOACK;
  std::string_view list(reinterpret_cast<const char*>(in), in_octets);
  while (!list.empty()) {
    const std::size_t octets = static_cast<unsigned char>(list[0]);
    const std::string_view id = list.substr(1, octets);
    if (id == required) {
      *out = reinterpret_cast<const unsigned char*>(id.data());
      *out_octets = static_cast<unsigned char>(id.size());
      return SSL_TLSEXT_ERR_OK;
    }
    list.remove_prefix(std::min(list.size(), octets + 1));
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

void set_versions(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, kTls12Ciphers);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

}  // namespace

struct TlsContext::State {
  std::vector<OwnedContext> contexts;                    // the first is the default
  std::map<std::string, SSL_CTX*, std::less<>> by_name;  // "mail.example.org", "*.example.org"
  std::unique_ptr<TicketKeys> tickets;

  SSL_CTX* find(std::string_view server_name) const {
    const std::string name = normal_name(server_name);
    if (auto exact = by_name.find(name); exact != by_name.end()) return exact->second;
    const auto dot = name.find('.');
    if (dot == std::string::npos) return nullptr;
    const auto wildcard = by_name.find("*" + name.substr(dot));
    return wildcard == by_name.end() ? nullptr : wildcard->second;
  }

  static State& of(SSL* ssl) { return *static_cast<State*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl))); }

  static int select_certificate(SSL* ssl, int*, void*) {
    const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    SSL_CTX* context = name ? of(ssl).find(name) : nullptr;
    if (!context) return SSL_TLSEXT_ERR_NOACK;
    SSL_set_SSL_CTX(ssl, context);
    return SSL_TLSEXT_ERR_OK;
  }

  static int handle_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                           EVP_MAC_CTX* mac, int sealing) {
    if (!sealing) return of(ssl).tickets->open(name, iv, cipher, mac);
    return SSL_version(ssl) < TLS1_3_VERSION ? 0 : of(ssl).tickets->seal(name, iv, cipher, mac);
  }

  Result<void> add(const CertificateFiles& files) {
    ERR_clear_error();
    OwnedContext context(SSL_CTX_new(TLS_server_method()));
    set_versions(context.get());
    SSL_CTX_set_options(context.get(), SSL_OP_PRIORITIZE_CHACHA | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_default_passwd_cb(context.get(), no_passphrase);
    if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate_file.c_str()) != 1) {
      return file_error(files.certificate_file);
    }
    if (SSL_CTX_use_PrivateKey_file(context.get(), files.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
      return file_error(files.key_file);
    }
    SSL_CTX_set_app_data(context.get(), this);
    SSL_CTX_set_tlsext_servername_callback(context.get(), select_certificate);
    SSL_CTX_set_alpn_select_cb(context.get(), select_alpn, nullptr);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(context.get(), handle_ticket);
    SSL_CTX_set_num_tickets(context.get(), 1);

    std::vector<std::string> names = names_in(SSL_CTX_get0_certificate(context.get()));
    names.insert(names.end(), files.server_names.begin(), files.server_names.end());
    for (const auto& name : names) by_name.emplace(normal_name(name), context.get());
    if (!tickets) tickets = std::make_unique<TicketKeys>(SSL_CTX_get0_privatekey(context.get()));
    contexts.push_back(std::move(context));
    return {};
  }
};

TlsContext::~TlsContext() = default;

Result<std::shared_ptr<TlsContext::State>> TlsContext::read(const std::vector<CertificateFiles>& files) {
  if (files.empty()) return Error(ErrorKind::invalid, "no certificate is configured");
  auto state = std::make_shared<State>();
  for (const auto& one : files) TRY_VOID(state->add(one));
  return state;
}

Result<std::unique_ptr<TlsContext>> TlsContext::load(std::vector<CertificateFiles> certificates) {
  std::unique_ptr<TlsContext> context(new TlsContext);
  TRY(context->state_, read(certificates));
  context->files_ = std::move(certificates);
  return context;
}

Result<void> TlsContext::reload() {
  TRY(state_, read(files_));
  return {};
}

std::shared_ptr<SSL_CTX> TlsContext::current() const {
  // Shares the whole state, since SNI may lead from the default to any other certificate.
  return std::shared_ptr<SSL_CTX>(state_, state_->contexts.front().get());
}

Result<std::shared_ptr<SSL_CTX>> client_tls_context(const ClientTrust& trust) {
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  set_versions(context.get());
  if (!trust.verify) return context;
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (trust.ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context.get());
  } else if (SSL_CTX_load_verify_locations(context.get(), trust.ca_file.c_str(), nullptr) != 1) {
    return file_error(trust.ca_file);
  }
  return context;
}

}  // namespace postern
