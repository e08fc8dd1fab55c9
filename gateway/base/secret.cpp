#include "gateway/base/secret.h"

#include <string.h>

namespace postern {

void Secret::wipe() {
  explicit_bzero(octets_.data(), octets_.size());
  octets_.clear();
}

}  // namespace postern
