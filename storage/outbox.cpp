#include "storage/outbox.h"

namespace postern {

std::string_view name_of(RecipientState state) {
  switch (state) {
    case RecipientState::waiting: return "waiting";
    case RecipientState::delivered: return "delivered";
    case RecipientState::failed: return "failed";
  }
  return "unknown";
}

}  // namespace postern
