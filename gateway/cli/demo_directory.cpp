#include "gateway/cli/demo_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "config/read_settings.h"
#include "gateway/cli/passwords.h"
#include "gateway/net/self_signed.h"
#include "gateway/net/socket.h"

namespace postern::cli {

namespace {

constexpr std::uint32_t kPortBase = 10000;
constexpr std::uint32_t kPortBaseMax = 65535 - 995;
constexpr const char* kAddress = "127.0.0.1";

// Whole, or the file as it was before.
Result<void> write_private(const std::string& path, const std::string& content) {
  const std::string fresh = path + ".new";
  const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return Error(ErrorKind::unavailable, fresh + ": " + std::strerror(errno));
  const ssize_t written = ::write(descriptor, content.data(), content.size());
  const bool whole = written == static_cast<ssize_t>(content.size()) && ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!whole || std::rename(fresh.c_str(), path.c_str()) != 0) {
    return Error(ErrorKind::unavailable, path + ": cannot be written");
  }
  return {};
}

std::string accounts_file(const DemoDirectory& demo) {
  return demo.path + "/demo-accounts.json";
}

Settings demo_settings(const std::string& path, std::uint32_t base, const CertificateFiles& certificate) {
  const auto at = [base](std::uint32_t port, const char* tls) {
    return EndpointSettings{kAddress, static_cast<std::uint16_t>(base + port), tls, {}};
  };
  Settings settings;
  settings.server.hostname = "localhost";
  settings.server.data_directory = path;
  settings.tls.certificates = {
      {certificate.certificate_file, certificate.key_file, certificate.server_names}};
  settings.lmtp.endpoints = {at(24, "none")};
  settings.pop3.endpoints = {at(110, "starttls"), at(995, "implicit")};
  settings.imap.endpoints = {at(143, "starttls"), at(993, "implicit")};
  settings.http.endpoints = {at(80, "none"), at(443, "implicit")};
  settings.submission.endpoints = {at(587, "starttls"), at(465, "implicit")};
  // What its accounts send comes back in by LMTP: they can write to each other, and to nobody else.
  settings.relay.host = kAddress;
  settings.relay.port = settings.lmtp.endpoints.front().port;
  settings.relay.protocol = "lmtp";
  settings.relay.tls = "none";
  return settings;
}

Result<Settings> read_or_make_settings(const DemoDirectory& demo, std::optional<std::uint32_t> port_base) {
  if (port_base || !std::filesystem::exists(demo.config_file())) {
    TRY(const CertificateFiles certificate, make_self_signed({"localhost"}, demo.path));
    const Settings settings = demo_settings(demo.path, port_base.value_or(kPortBase), certificate);
    TRY_VOID(write_private(demo.config_file(), write_settings(settings)));
  }
  // As its workers read it: with what the environment says.
  auto read = read_settings(demo.config_file());
  if (auto* settings = std::get_if<Settings>(&read)) return std::move(*settings);
  return Error(ErrorKind::invalid, std::get<std::vector<SettingsMistake>>(read).front().to_text());
}

// False: there is none yet, or it is not ours to read.
bool read_accounts(DemoDirectory& demo) {
  std::ifstream file(accounts_file(demo));
  const Json record = Json::parse(file, nullptr, false);
  if (!record.is_object() || !record.contains("accounts")) return false;
  for (const Json& account : record["accounts"]) {
    demo.accounts.push_back({account.value("address", ""), account.value("password", "")});
  }
  demo.administrator_password = record.value("administrator_password", "");
  demo.filled = record.value("filled", false);
  return !demo.accounts.empty();
}

Json accounts_json(const DemoDirectory& demo) {
  Json list = Json::array();
  for (const DemoAccount& account : demo.accounts) {
    Json entry;
    entry["address"] = account.address;
    entry["password"] = account.password;
    list.push_back(std::move(entry));
  }
  return list;
}

std::uint16_t port_with(const std::vector<EndpointSettings>& endpoints, bool implicit) {
  for (const EndpointSettings& endpoint : endpoints) {
    if ((endpoint.tls == "implicit") == implicit) return endpoint.port;
  }
  return 0;
}

}  // namespace

DemoPorts DemoDirectory::ports() const {
  return {port_with(settings.lmtp.endpoints, false),     port_with(settings.pop3.endpoints, false),
          port_with(settings.pop3.endpoints, true),      port_with(settings.imap.endpoints, false),
          port_with(settings.imap.endpoints, true),      port_with(settings.http.endpoints, false),
          port_with(settings.http.endpoints, true),      port_with(settings.submission.endpoints, false),
          port_with(settings.submission.endpoints, true)};
}

std::string DemoDirectory::web_page() const {
  return fmt::format("https://{}:{}/", kAddress, ports().https);
}

std::string DemoDirectory::demo_page() const {
  return web_page() + "demo";
}

std::string default_demo_directory() {
  if (::geteuid() == 0) return "/var/tmp/postern-demo";
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::string(state) + "/postern-demo";
  const char* home = std::getenv("HOME");
  return std::string(home != nullptr ? home : "/var/tmp") + "/.local/state/postern-demo";
}

Result<DemoDirectory> prepare_demo_directory(const std::string& path,
                                             std::optional<std::uint32_t> port_base) {
  if (port_base && *port_base > kPortBaseMax) {
    return Error(ErrorKind::invalid, fmt::format("--port-base is at most {}", kPortBaseMax));
  }
  DemoDirectory demo;
  std::error_code failure;
  demo.path = std::filesystem::absolute(path).lexically_normal().string();
  if (demo.path.size() > 1 && demo.path.back() == '/') demo.path.pop_back();
  const bool made = std::filesystem::create_directories(demo.path, failure);
  if (failure) return Error(ErrorKind::unavailable, demo.path + ": " + failure.message());
  // Others may pass through to what is theirs, which is PostgreSQL's directory at most.
  if (made && ::chmod(demo.path.c_str(), ::geteuid() == 0 ? 0711 : 0700) != 0) {
    return Error(ErrorKind::unavailable, demo.path + ": " + std::strerror(errno));
  }
  TRY(demo.settings, read_or_make_settings(demo, port_base));
  if (!read_accounts(demo)) {
    for (const char* local : {"alice", "bob", "carol"}) {
      demo.accounts.push_back(
          {std::string(local) + "@" + kDemoDomain, std::string(generated_password().reveal())});
    }
  }
  if (demo.administrator_password.empty()) {  // new, or made by a release without a page
    demo.administrator_password = generated_password().reveal();
    TRY_VOID(save_accounts(demo));
  }
  return demo;
}

std::optional<DemoAccount> first_demo_account(const std::string& path) {
  DemoDirectory demo;
  demo.path = path;
  if (!read_accounts(demo)) return std::nullopt;
  return demo.accounts.front();
}

Result<void> save_accounts(const DemoDirectory& demo) {
  Json record;
  record["accounts"] = accounts_json(demo);
  record["administrator_password"] = demo.administrator_password;
  record["filled"] = demo.filled;
  return write_private(accounts_file(demo), record.dump(2) + "\n");
}

Result<void> check_ports_free(const DemoDirectory& demo) {
  for (const auto* endpoints :
       {&demo.settings.lmtp.endpoints, &demo.settings.pop3.endpoints, &demo.settings.imap.endpoints,
        &demo.settings.http.endpoints, &demo.settings.submission.endpoints}) {
    for (const EndpointSettings& settings : *endpoints) {
      Endpoint endpoint;
      endpoint.address = settings.address;
      endpoint.port = settings.port;
      if (!listen_at(endpoint)) {
        return Error(ErrorKind::unavailable,
                     fmt::format("port {} is taken by another program: choose others with --port-base",
                                 settings.port));
      }
    }
  }
  return {};
}

Json demo_json(const DemoDirectory& demo, pid_t pid) {
  const DemoPorts ports = demo.ports();
  Json record;
  record["ports"]["lmtp"] = ports.lmtp;
  record["ports"]["pop3"] = ports.pop3;
  record["ports"]["pop3s"] = ports.pop3s;
  record["ports"]["imap"] = ports.imap;
  record["ports"]["imaps"] = ports.imaps;
  record["ports"]["http"] = ports.http;
  record["ports"]["https"] = ports.https;
  record["ports"]["submission"] = ports.submission;
  record["ports"]["submissions"] = ports.submissions;
  record["accounts"] = accounts_json(demo);
  record["web_page"] = demo.web_page();
  record["demo_page"] = demo.demo_page();
  record["administrator"]["name"] = kDemoAdministrator;
  record["administrator"]["password"] = demo.administrator_password;
  record["data_dir"] = demo.path;
  record["pid"] = pid;
  return record;
}

std::string demo_text(const DemoDirectory& demo, pid_t pid) {
  const DemoPorts ports = demo.ports();
  std::string text =
      fmt::format("Postern serves {} on {} (process {}).\n\nAccounts:\n", kDemoDomain, kAddress, pid);
  constexpr const char* kRemarks[] = {"every feature", "no Mobile Sync", "nearly full"};
  for (std::size_t i = 0; i < demo.accounts.size(); ++i) {
    text += fmt::format("  {:<20} password {}   {}\n", demo.accounts[i].address, demo.accounts[i].password,
                        i < std::size(kRemarks) ? kRemarks[i] : "");
  }
  text += fmt::format(
      "\nWeb page: {}\n  sign in as {} with password {} to administer, or as one of the accounts\n"
      "Three doors side by side, and a simulated phone: {}\n  as the same administrator\n",
      demo.web_page(), kDemoAdministrator, demo.administrator_password, demo.demo_page());
  text += fmt::format(
      "\nClient settings (user name: the whole address; the certificate is self-signed):\n"
      "  IMAP  {0} port {1} with TLS, or {2} with STARTTLS\n"
      "  POP3  {0} port {3} with TLS, or {4} with STARTTLS\n"
      "  HTTP  {0} port {10} with TLS, or {11} without\n"
      "  SMTP  {0} port {12} with TLS, or {13} with STARTTLS, to send (within {8} only)\n\n"
      "Deliver mail by LMTP to {0} port {5}:\n"
      "  swaks --protocol LMTP --server {0}:{5} --from you@example.org --to {6}\n"
      "Read it:\n"
      "  curl -k --user {6}:{7} 'imaps://{0}:{1}/INBOX;MAILINDEX=*'\n\n"
      "Administer it: postern account list {8} --data {9}\n"
      "Stop it:       postern stop --data {9}\n",
      kAddress, ports.imaps, ports.imap, ports.pop3s, ports.pop3, ports.lmtp, demo.accounts.front().address,
      demo.accounts.front().password, kDemoDomain, demo.path, ports.https, ports.http, ports.submissions,
      ports.submission);
  return text;
}

}  // namespace postern::cli
