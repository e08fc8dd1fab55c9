// A demo's data directory: its settings, its certificate, and the passwords of its accounts, made at its
// first start and kept.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "gateway/cli/output.h"

namespace postern::cli {

constexpr const char* kDemoDomain = "example.test";
constexpr const char* kDemoAdministrator = "admin";

struct DemoAccount {
  std::string address;
  std::string password;
};

struct DemoPorts {
  std::uint16_t lmtp = 0, pop3 = 0, pop3s = 0, imap = 0, imaps = 0, http = 0, https = 0, submission = 0,
                submissions = 0;
};

struct DemoDirectory {
  std::string path;  // absolute
  Settings settings;
  std::vector<DemoAccount> accounts;  // alice, bob, carol
  std::string administrator_password;
  bool filled = false;  // the accounts have had their first messages

  std::string config_file() const { return path + "/postern.yaml"; }
  std::string log_file() const { return path + "/postern.log"; }
  DemoPorts ports() const;
  std::string web_page() const;
  std::string demo_page() const;  // three doors side by side
};

// As root PostgreSQL's own user must reach its part of it, so not in root's home.
std::string default_demo_directory();

// Makes what is missing; with a port base the settings are written anew. unavailable, invalid (port base).
Result<DemoDirectory> prepare_demo_directory(const std::string& path, std::optional<std::uint32_t> port_base);
// The account that everything can be tried with; nullopt: this is no demo's directory.
std::optional<DemoAccount> first_demo_account(const std::string& path);
// Remembers that the accounts are filled.
Result<void> save_accounts(const DemoDirectory& demo);

// unavailable: some program has one of the ports.
Result<void> check_ports_free(const DemoDirectory& demo);

Json demo_json(const DemoDirectory& demo, pid_t pid);
std::string demo_text(const DemoDirectory& demo, pid_t pid);

}  // namespace postern::cli
