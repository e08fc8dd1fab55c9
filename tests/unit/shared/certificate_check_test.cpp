// Certificates for mail against an authority of the test's own, which SSL_CERT_FILE makes trusted.
#include "protocols/shared/certificate_check.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>

#include "gateway/net/openssl_handles.h"

namespace postern {
namespace {

using Verdicts = std::vector<CertificateVerdict>;

struct Identity {
  OwnedKey key;
  OwnedCertificate certificate;
  std::string der() const {
    unsigned char* octets = nullptr;
    const int size = i2d_X509(certificate.get(), &octets);
    std::string out(reinterpret_cast<char*>(octets), static_cast<std::size_t>(size));
    OPENSSL_free(octets);
    return out;
  }
};

struct Wish {
  const char* name;
  bool authority = false;
  const char* usage = "emailProtection";  // extended
  long days_from = -1, days_to = 30;
};

Identity make(const Wish& wish, const Identity* issuer) {
  Identity made;
  made.key.reset(EVP_EC_gen("P-256"));
  made.certificate.reset(X509_new());
  X509* const certificate = made.certificate.get();
  static long serial = 0;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wish.days_from * 86400);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wish.days_to * 86400);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(wish.name), -1, -1, 0);
  X509* const signer = issuer ? issuer->certificate.get() : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(signer));
  const auto extend = [certificate, signer](int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, signer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  };
  extend(NID_basic_constraints, wish.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!wish.authority) extend(NID_ext_key_usage, wish.usage);
  X509_sign(certificate, issuer ? issuer->key.get() : made.key.get(), EVP_sha256());
  return made;
}

class CertificateCheck : public testing::Test {
 protected:
  CertificateCheck() : root_(make({"root", true}, nullptr)), between_(make({"between", true}, &root_)) {
    file_ = std::filesystem::temp_directory_path() / ("postern-ca-" + std::to_string(::getpid()) + ".pem");
    FILE* const out = std::fopen(file_.c_str(), "w");
    PEM_write_X509(out, root_.certificate.get());
    std::fclose(out);
    ::setenv("SSL_CERT_FILE", file_.c_str(), 1);
  }
  ~CertificateCheck() override {
    ::unsetenv("SSL_CERT_FILE");
    std::filesystem::remove(file_);
  }
  CertificateVerdict check(const std::string& der, std::vector<std::string> chain = {}) {
    return check_mail_certificates({der}, chain, Clock().now()).at(0);
  }

  Identity root_;
  Identity between_;
  std::filesystem::path file_;
};

TEST_F(CertificateCheck, TheChainMustReachATrustedAuthority) {
  const std::string direct = make({"joe"}, &root_).der();
  const std::string below = make({"kim"}, &between_).der();
  EXPECT_EQ(check(direct), CertificateVerdict::good);
  EXPECT_EQ(check(below), CertificateVerdict::incomplete_chain);
  EXPECT_EQ(check(below, {"no certificate", between_.der()}), CertificateVerdict::good);
  EXPECT_EQ(check(make({"self"}, nullptr).der()), CertificateVerdict::untrusted);
  const Identity stranger = make({"stranger", true}, nullptr);
  EXPECT_EQ(check(make({"x"}, &stranger).der(), {stranger.der()}), CertificateVerdict::untrusted)
      << "what a client sends along is not believed";
}

TEST_F(CertificateCheck, TimesAndPurposeCount) {
  EXPECT_EQ(check(make({"old", false, "emailProtection", -9, -1}, &root_).der()),
            CertificateVerdict::not_valid_now);
  EXPECT_EQ(check(make({"new", false, "emailProtection", 1, 9}, &root_).der()),
            CertificateVerdict::not_valid_now);
  const Identity ended = make({"ended", true, "", -9, -1}, &root_);
  EXPECT_EQ(check(make({"x"}, &ended).der(), {ended.der()}), CertificateVerdict::chain_not_valid_now);
  EXPECT_EQ(check(make({"web", false, "serverAuth"}, &root_).der()), CertificateVerdict::not_for_mail);
  const Identity joe = make({"joe"}, &root_);
  EXPECT_EQ(check(make({"x"}, &joe).der(), {joe.der()}), CertificateVerdict::not_an_authority);
}

TEST_F(CertificateCheck, BrokenOctetsAreToldApart) {
  std::string der = make({"joe"}, &root_).der();
  EXPECT_EQ(check(""), CertificateVerdict::malformed);
  EXPECT_EQ(check(der + "x"), CertificateVerdict::malformed);
  EXPECT_EQ(check(der.substr(0, der.size() / 2)), CertificateVerdict::malformed);
  der.replace(der.find("joe"), 3, "kim");
  EXPECT_EQ(check(der), CertificateVerdict::bad_signature);
  EXPECT_EQ(check_mail_certificates({}, {}, WallTime()), Verdicts());
}

}  // namespace
}  // namespace postern
