// What every door is given: references to what outlives all doors. No globals.
#pragma once

#include "gateway/async/loop.h"
#include "gateway/base/clock.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "storage/store.h"

namespace postern {

class Login;

struct Services {
  Loop& loop;
  Store& store;
  Login& login;
  const Clock& clock;
  Log log;
  Metrics metrics = Metrics();
};

}  // namespace postern
