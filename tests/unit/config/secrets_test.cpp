// Settings that come from elsewhere than YAML: secret files with their permissions, and the environment.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/config/reading.h"

namespace postern {
namespace {

// A directory of its own, gone afterwards.
class SettingsFiles : public testing::Test {
 protected:
  SettingsFiles() {
    char name[] = "/tmp/postern-settings-XXXXXX";
    directory_ = mkdtemp(name);
  }
  ~SettingsFiles() override { std::filesystem::remove_all(directory_); }

  std::string file(const std::string& name, const std::string& content, mode_t mode) {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path) << content;
    chmod(path.c_str(), mode);
    return path;
  }

  std::string directory_;
};

class EnvironmentValue {
 public:
  EnvironmentValue(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~EnvironmentValue() { unsetenv(name_); }

 private:
  const char* name_;
};

TEST_F(SettingsFiles, ASecretComesFromAFile) {
  const std::string secret = file("password", "hunter2\n", 0600);
  EXPECT_EQ(good("database: {password_file: " + secret + "}").database.password.reveal(), "hunter2");
  const auto both = bad("database: {password: a, password_file: " + secret + "}");
  ASSERT_EQ(both.size(), 1U);
  EXPECT_NE(both[0].find("both given"), std::string::npos);
}

TEST_F(SettingsFiles, ASecretOthersMayReadIsRefused) {
  for (const mode_t mode : {0604, 0644, 0602}) {
    const auto texts = bad("database: {password_file: " + file("password", "hunter2", mode) + "}");
    ASSERT_EQ(texts.size(), 1U) << mode;
    EXPECT_NE(texts[0].find("others may read or change it"), std::string::npos) << texts[0];
    EXPECT_EQ(texts[0].find("hunter2"), std::string::npos);
  }
  EXPECT_EQ(good("database: {password_file: " + file("password", "x", 0640) + "}").database.password.reveal(),
            "x");
}

TEST_F(SettingsFiles, ASecretFileIsBounded) {
  const std::string longest(4096, 'x');
  const std::string yaml = "database: {password_file: " + directory_ + "/password}";
  file("password", longest, 0600);
  EXPECT_EQ(good(yaml).database.password.reveal(), longest);
  file("password", longest + "x", 0600);
  EXPECT_EQ(bad(yaml).size(), 1U);
  file("password", "\n", 0600);
  EXPECT_EQ(bad(yaml).size(), 1U);
  EXPECT_EQ(bad("database: {password_file: " + directory_ + "}").size(), 1U);
}

TEST_F(SettingsFiles, AKeyOthersMayReadIsRefused) {
  const std::string certificate = file("cert.pem", "certificate", 0644);
  const auto yaml = [&](mode_t mode) {
    return "tls:\n  certificates:\n    - certificate_file: " + certificate +
           "\n      key_file: " + file("key.pem", "key", mode) + "\n";
  };
  EXPECT_EQ(good(yaml(0640)).tls.certificates[0].certificate_file, certificate);
  ASSERT_EQ(bad(yaml(0644)).size(), 1U);
}

TEST_F(SettingsFiles, APasswordInAFileForAllIsRefused) {
  for (const char* yaml :
       {"database: {password: hunter2}\n", "database: {url: 'postgresql://u:hunter2@db/mail'}\n",
        "database: {url: 'host=db password=hunter2'}\n",
        "database: {url: 'postgresql://db/m?password=hunter2'}\n"}) {
    EXPECT_EQ(mistakes_of(read_settings(file("t.yaml", yaml, 0644))).size(), 1U) << yaml;
    const auto settings = read_settings(file("t.yaml", yaml, 0640));
    ASSERT_TRUE(std::holds_alternative<Settings>(settings)) << yaml;
    EXPECT_EQ(write_settings(std::get<Settings>(settings)).find("hunter2"), std::string::npos) << yaml;
  }
}

TEST_F(SettingsFiles, AFileThatCannotBeReadSaysSo) {
  EXPECT_EQ(mistakes_of(read_settings(directory_ + "/none")),
            std::vector<std::string>{directory_ + "/none: cannot be read: No such file or directory"});
  EXPECT_EQ(mistakes_of(read_settings(directory_)), std::vector<std::string>{directory_ + ": is not a file"});
  const std::string large = file("large.yaml", std::string(10000000, '#'), 0644);
  EXPECT_EQ(mistakes_of(read_settings(large)),
            std::vector<std::string>{large + ": larger than 262144 octets"});
}

TEST_F(SettingsFiles, TheEnvironmentReplacesTheFile) {
  const EnvironmentValue workers("POSTERN_SERVER_WORKERS", "3");
  const EnvironmentValue networks("POSTERN_LIMITS_EXEMPT_NETWORKS", "10.0.0.0/8, ::1");
  const EnvironmentValue url("POSTERN_DATABASE_URL", "postgresql://u:hunter2@db/mail");
  const Settings settings = good("server: {workers: 9}\n");
  EXPECT_EQ(settings.server.workers, 3U);
  EXPECT_EQ(settings.limits.exempt_networks, (std::vector<std::string>{"10.0.0.0/8", "::1"}));
  EXPECT_EQ(settings.database.url, "postgresql://u:hunter2@db/mail");
}

TEST_F(SettingsFiles, TheEnvironmentReplacesASecretInEitherForm) {
  const std::string first = file("first", "one", 0600);
  const std::string second = file("second", "two", 0600);
  const std::string yaml = "database: {password_file: " + first + "}";
  {
    const EnvironmentValue password("POSTERN_DATABASE_PASSWORD", "three");
    EXPECT_EQ(good(yaml).database.password.reveal(), "three");
  }
  const EnvironmentValue password_file("POSTERN_DATABASE_PASSWORD_FILE", second.c_str());
  EXPECT_EQ(good(yaml).database.password.reveal(), "two");
  EXPECT_EQ(good("database: {password: four}").database.password.reveal(), "two");
}

TEST(Environment, AMistakeInTheEnvironmentNamesTheVariable) {
  const EnvironmentValue level("POSTERN_SERVER_LOG_LEVEL", "loud");
  const auto texts = bad("");
  ASSERT_EQ(texts.size(), 1U);
  EXPECT_EQ(texts[0].rfind("environment variable POSTERN_SERVER_LOG_LEVEL: log_level: expected one of", 0),
            0U);
}

}  // namespace
}  // namespace postern
