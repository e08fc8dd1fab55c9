#include "protocols/submission/submission_front_end.h"

#include "protocols/shared/endpoints.h"
#include "protocols/submission/session.h"

namespace postern::submission {

std::vector<Endpoint> SubmissionFrontEnd::endpoints() const {
  return endpoints_from(settings_.submission.endpoints, "smtp");
}

Task<void> SubmissionFrontEnd::serve(Connection connection) {
  Session session(settings_, services_, std::move(connection));
  co_await session.run();
}

}  // namespace postern::submission
