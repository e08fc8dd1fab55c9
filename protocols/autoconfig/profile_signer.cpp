#include "protocols/autoconfig/profile_signer.h"

#include <openssl/cms.h>
#include <openssl/pem.h>

#include "gateway/net/openssl_handles.h"

namespace postern::autoconfig {

namespace {

using OwnedBio = std::unique_ptr<BIO, OpenSslFree<BIO_free>>;
using OwnedCms = std::unique_ptr<CMS_ContentInfo, OpenSslFree<CMS_ContentInfo_free>>;
void free_chain(STACK_OF(X509) * chain) {
  sk_X509_pop_free(chain, X509_free);
}
using Chain = std::unique_ptr<STACK_OF(X509), OpenSslFree<free_chain>>;

}  // namespace

struct ProfileSigner::Keys {
  OwnedCertificate certificate;
  Chain chain;
  OwnedKey key;
};

ProfileSigner::ProfileSigner(std::unique_ptr<Keys> keys) : keys_(std::move(keys)) {}
ProfileSigner::~ProfileSigner() = default;

Result<std::unique_ptr<ProfileSigner>> ProfileSigner::load(const std::string& certificate_file,
                                                           const std::string& key_file) {
  auto keys = std::make_unique<Keys>();
  const OwnedBio certificates(BIO_new_file(certificate_file.c_str(), "r"));
  if (!certificates) return Error(ErrorKind::invalid, certificate_file + ": " + openssl_reason());
  keys->certificate.reset(PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr));
  if (!keys->certificate) return Error(ErrorKind::invalid, certificate_file + ": " + openssl_reason());
  keys->chain.reset(sk_X509_new_null());
  while (X509* next = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr)) {
    sk_X509_push(keys->chain.get(), next);
  }
  ERR_clear_error();  // the end of the file
  const OwnedBio key(BIO_new_file(key_file.c_str(), "r"));
  if (key) keys->key.reset(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
  if (!keys->key) return Error(ErrorKind::invalid, key_file + ": " + openssl_reason());
  if (X509_check_private_key(keys->certificate.get(), keys->key.get()) != 1) {
    return Error(ErrorKind::invalid, key_file + ": not the key of " + certificate_file);
  }
  return std::unique_ptr<ProfileSigner>(new ProfileSigner(std::move(keys)));
}

Result<std::string> ProfileSigner::sign(const std::string& profile) const {
  const OwnedBio octets(BIO_new_mem_buf(profile.data(), static_cast<int>(profile.size())));
  const OwnedCms cms(CMS_sign(keys_->certificate.get(), keys_->key.get(), keys_->chain.get(), octets.get(),
                              CMS_BINARY | CMS_NOSMIMECAP));
  const OwnedBio der(BIO_new(BIO_s_mem()));
  if (!cms || i2d_CMS_bio(der.get(), cms.get()) != 1) return Error(ErrorKind::internal, openssl_reason());
  char* start = nullptr;
  const long length = BIO_get_mem_data(der.get(), &start);
  return std::string(start, static_cast<std::size_t>(length));
}

}  // namespace postern::autoconfig
