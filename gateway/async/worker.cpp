#include "gateway/async/worker.h"

#include <functional>
#include <stdexcept>

namespace postern::worker_detail {

namespace {
struct Request {
  uv_work_t request;
  std::function<void()> work;
  std::function<void()> done;
};
}  // namespace

void queue(Loop& loop, std::function<void()> work, std::function<void()> done) {
  auto* request = new Request{{}, std::move(work), std::move(done)};
  request->request.data = request;
  const int error = uv_queue_work(
      loop.raw(), &request->request, [](uv_work_t* raw) { static_cast<Request*>(raw->data)->work(); },
      [](uv_work_t* raw, int) {
        std::unique_ptr<Request> own(static_cast<Request*>(raw->data));
        own->done();
      });
  if (error != 0) {
    delete request;
    throw std::runtime_error("cannot queue work");
  }
}

}  // namespace postern::worker_detail
