#include "gateway/net/tls_info.h"

#include <openssl/x509.h>

namespace postern {

namespace {

// RFC 5929 §4.1: the hash of the certificate by the hash of its own signature, but never MD5 or SHA-1.
std::string end_point_binding(const SSL* ssl) {
  const X509* certificate = SSL_is_server(ssl) ? SSL_get_certificate(ssl) : SSL_get0_peer_certificate(ssl);
  if (!certificate) return {};
  int digest_id = NID_undef;
  if (OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &digest_id, nullptr) != 1) return {};
  if (digest_id == NID_md5 || digest_id == NID_sha1) digest_id = NID_sha256;
  const EVP_MD* digest = EVP_get_digestbynid(digest_id);
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned int octets = 0;
  if (!digest || X509_digest(certificate, digest, hash, &octets) != 1) return {};
  return std::string(reinterpret_cast<const char*>(hash), octets);
}

// RFC 9266 §4.2. Only TLS 1.3 binds the exporter to the whole handshake.
std::string exporter_binding(SSL* ssl) {
  constexpr std::string_view kLabel = "EXPORTER-Channel-Binding";
  unsigned char material[32];
  if (SSL_version(ssl) < TLS1_3_VERSION) return {};
  if (SSL_export_keying_material(ssl, material, sizeof material, kLabel.data(), kLabel.size(), nullptr, 0,
                                 1) != 1) {
    return {};
  }
  return std::string(reinterpret_cast<const char*>(material), sizeof material);
}

}  // namespace

std::unique_ptr<TlsInfo> describe_tls(SSL* ssl) {
  auto info = std::make_unique<TlsInfo>();
  info->version = SSL_version(ssl) == TLS1_3_VERSION ? "1.3" : "1.2";
  info->cipher = SSL_get_cipher_name(ssl);
  if (const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)) info->server_name = name;
  const unsigned char* alpn = nullptr;
  unsigned int alpn_octets = 0;
  SSL_get0_alpn_selected(ssl, &alpn, &alpn_octets);
  if (alpn) info->alpn.assign(reinterpret_cast<const char*>(alpn), alpn_octets);
  info->binding_end_point = end_point_binding(ssl);
  info->binding_exporter = exporter_binding(ssl);
  return info;
}

}  // namespace postern
