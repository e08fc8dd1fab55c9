// Signed profiles, read again by OpenSSL.
#include "protocols/autoconfig/profile_signer.h"

#include <gtest/gtest.h>
#include <openssl/cms.h>
#include <stdlib.h>

#include <filesystem>

#include "gateway/net/openssl_handles.h"
#include "gateway/net/self_signed.h"

namespace postern::autoconfig {
namespace {

class ProfileSigning : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = (std::filesystem::temp_directory_path() / "postern-signer-XXXXXX").string();
    ASSERT_NE(mkdtemp(directory_.data()), nullptr);
    for (const char* name : {"a", "b"}) {
      const std::string place = directory_ + "/" + name;
      std::filesystem::create_directory(place);
      const auto made = make_self_signed({"mail.example.test"}, place);
      ASSERT_TRUE(made);
      files_.push_back(*made);
    }
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string directory_;
  std::vector<CertificateFiles> files_;
};

TEST_F(ProfileSigning, TheProfileIsInsideAndTheSignatureHolds) {
  const auto signer = ProfileSigner::load(files_[0].certificate_file, files_[0].key_file);
  ASSERT_TRUE(signer) << signer.error().detail;
  const std::string profile = "<plist>\n</plist>\r\n";
  const auto der = (*signer)->sign(profile);
  ASSERT_TRUE(der) << der.error().detail;
  using OwnedBio = std::unique_ptr<BIO, OpenSslFree<BIO_free>>;
  using OwnedCms = std::unique_ptr<CMS_ContentInfo, OpenSslFree<CMS_ContentInfo_free>>;
  const OwnedBio in(BIO_new_mem_buf(der->data(), static_cast<int>(der->size())));
  const OwnedCms cms(d2i_CMS_bio(in.get(), nullptr));
  ASSERT_TRUE(cms);
  const OwnedBio out(BIO_new(BIO_s_mem()));
  ASSERT_EQ(
      CMS_verify(cms.get(), nullptr, nullptr, nullptr, out.get(), CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY), 1)
      << openssl_reason();
  char* start = nullptr;
  const long length = BIO_get_mem_data(out.get(), &start);
  EXPECT_EQ(std::string(start, static_cast<std::size_t>(length)), profile);
}

TEST_F(ProfileSigning, WhatDoesNotFitIsRefused) {
  EXPECT_EQ(ProfileSigner::load(files_[0].certificate_file, files_[1].key_file).error().kind,
            ErrorKind::invalid);
  EXPECT_EQ(ProfileSigner::load(directory_ + "/none", files_[0].key_file).error().kind, ErrorKind::invalid);
  EXPECT_EQ(ProfileSigner::load(files_[0].key_file, files_[0].key_file).error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace postern::autoconfig
