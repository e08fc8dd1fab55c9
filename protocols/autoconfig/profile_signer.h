// Signs Apple's profiles, so that a device shows who made them: CMS signed data with the profile inside (RFC
// 5652 §5), in DER.
#pragma once

#include <memory>
#include <string>

#include "gateway/base/result.h"

namespace postern::autoconfig {

class ProfileSigner {
 public:
  // PEM files; what follows the first certificate is sent along. invalid: unreadable, or they do not fit.
  static Result<std::unique_ptr<ProfileSigner>> load(const std::string& certificate_file,
                                                     const std::string& key_file);
  ~ProfileSigner();

  // CPU work; may be called on any thread. internal: OpenSSL's reason.
  Result<std::string> sign(const std::string& profile) const;

 private:
  struct Keys;
  explicit ProfileSigner(std::unique_ptr<Keys> keys);
  std::unique_ptr<Keys> keys_;
};

}  // namespace postern::autoconfig
