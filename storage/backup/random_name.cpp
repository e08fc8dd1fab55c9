#include "storage/backup/random_name.h"

#include <openssl/rand.h>

#include "gateway/base/text.h"

namespace postern::backup {

std::string random_name() {
  std::string octets(4, '\0');
  RAND_bytes(reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(octets.size()));
  return text::hex(octets);
}

}  // namespace postern::backup
