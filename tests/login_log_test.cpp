// What the log tells of sign-ins: each session's, and of doors that ask with every request only what was
// truly checked.
#include "protocols/shared/credentials.h"
#include "protocols/shared/login.h"
#include "tests/support/directory_fixture.h"

namespace postern::tests {
namespace {

class LoginLog : public DirectoryFixture {
 protected:
  void SetUp() override {
    DirectoryFixture::SetUp();
    account_ = must(await(directory().create_account("joe@example.test", password("secret"), {}))).id;
    login_ =
        std::make_unique<Login>(loop_, *store_, settings_.login, clock_, Log(Level::info, LogFormat::logfmt));
  }
  void TearDown() override {
    login_.reset();
    DirectoryFixture::TearDown();
  }

  static Credentials password(const std::string& text) { return must(make_credentials(Secret(text), 1)); }

  // How many lines say "login.accepted" while somebody signs in so often.
  std::size_t accepted(int times, bool every_request, const std::string& text) {
    testing::internal::CaptureStderr();
    for (int i = 0; i < times; ++i) {
      LoginContext context;
      context.every_request = every_request;
      const LoginOutcome outcome =
          await(login_->with_password("joe@example.test", Secret(text), std::move(context)));
      EXPECT_TRUE(outcome.account);
    }
    const std::string log = testing::internal::GetCapturedStderr();
    std::size_t count = 0;
    for (std::size_t at = 0; (at = log.find("login.accepted", at)) != std::string::npos; ++at) ++count;
    return count;
  }

  AccountId account_{};
  std::unique_ptr<Login> login_;
};

TEST_F(LoginLog, RequestsAcceptedFromMemoryAreNoNews) {
  EXPECT_EQ(accepted(3, true, "secret"), 1u);
  EXPECT_EQ(accepted(2, false, "secret"), 2u) << "a session is one, from memory or not";
  EXPECT_EQ(accepted(2, true, "secret"), 0u);
  must(await(directory().set_credentials(account_, password("other"))));
  EXPECT_EQ(accepted(2, true, "other"), 1u);
}

}  // namespace
}  // namespace postern::tests
