// Every setting of the product, with its default. config/postern.example.yaml shows the same with words for
// the administrator; a test holds the two together. Immutable after start; SIGHUP reloads certificates only.
//
// Names end in their unit; a limit says what it bounds. Networks are "192.0.2.0/24" or a single address.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/secret.h"

namespace postern {

struct ServerSettings {
  std::string hostname;                             // in greetings and Received; empty: the machine's name
  std::string data_directory = "/var/lib/postern";  // embedded database, run-time files
  std::uint32_t workers = 0;                        // processes that serve; 0: one per processor core
  std::string user;                   // to run as after binding ports, when started as root; empty: stay
  std::uint32_t drain_limit_s = 30;   // time sessions have to finish at SIGTERM
  std::string log_level = "info";     // debug, info, warning, error
  std::string log_format = "logfmt";  // logfmt, json
};

struct DatabaseSettings {
  std::string url;  // libpq connection string, several hosts allowed; empty: embedded PostgreSQL
  Secret password;  // password_file or environment; may also stand in url
  std::uint32_t write_connections = 2;  // per worker: deliveries and changes
  std::uint32_t read_connections = 2;   // per worker: short reads, shared by all sessions
  std::uint32_t bulk_connections = 2;   // per worker: message octets
  std::uint32_t connect_timeout_s = 5;
  std::uint32_t network_timeout_s = 5;  // unacknowledged octets (tcp_user_timeout)
  std::uint32_t statement_timeout_s = 60;
  std::uint32_t lock_timeout_s = 10;
  std::uint32_t queue_wait_limit_s = 5;  // a request that finds no connection in time is refused for now
  std::uint32_t queue_max = 1000;        // requests that may wait per worker
};

struct CertificateSettings {
  std::string certificate_file;
  std::string key_file;
  std::vector<std::string> server_names;  // beside the names in the certificate
};

struct TlsSettings {
  std::vector<CertificateSettings> certificates;  // the first is the default; none: no TLS is offered
};

struct LimitSettings {
  std::uint32_t connections_max = 10000;     // per worker and door
  std::uint32_t unauthenticated_max = 1000;  // of them, before log-in
  std::uint32_t per_peer_max = 500;          // per IPv4 address or IPv6 /64
  std::uint32_t per_peer_unauthenticated_max = 50;
  std::vector<std::string> exempt_networks = {"127.0.0.0/8", "::1"};  // webmail, load tests
  std::uint32_t unauthenticated_life_s = 60;                          // to log in, in all
  std::uint32_t tls_handshake_s = 10;
  std::uint32_t output_stall_s = 300;  // a client that takes nothing for so long is dropped
};

struct EndpointSettings {
  std::string address = "0.0.0.0";
  std::uint16_t port = 0;
  std::string tls = "none";             // none, starttls, implicit
  std::vector<std::string> proxy_from;  // load balancers whose PROXY header is required
};

struct LoginSettings {
  std::vector<std::string> plaintext_networks = {"127.0.0.0/8", "::1"};  // may log in without TLS
  std::uint32_t verified_cache_s = 300;        // how long a checked password is remembered; 0: never
  std::uint32_t failures_per_minute_max = 10;  // per address; ×3 per /24 or /56, ×9 per /16 or /48
  std::uint32_t failures_per_day_max = 50;
  std::uint32_t failure_delay_ms = 2000;  // before a refusal; doubles per failure, to 15 s at most
  std::uint32_t hash_queue_max = 100;     // password checks that may wait per worker
  std::uint32_t yescrypt_cost = 5;        // 1 … 8, as crypt(5) counts
};

struct LmtpSettings {
  bool enabled = true;
  std::vector<EndpointSettings> endpoints = {{"127.0.0.1", 24, "none", {}}};
  std::uint64_t message_octets_max = 104857600;
  std::uint32_t recipients_max = 1000;
  std::uint32_t idle_timeout_s = 300;
  std::string recipient_delimiter = "+";
  std::string over_quota = "temporary";  // temporary (452) or permanent (552)
};

struct Pop3Settings {
  bool enabled = true;
  std::vector<EndpointSettings> endpoints = {{"0.0.0.0", 110, "starttls", {}},
                                             {"0.0.0.0", 995, "implicit", {}}};
  std::uint32_t idle_timeout_s = 600;
  std::uint32_t login_delay_s = 0;  // announced; 0: none
};

struct ImapSettings {
  bool enabled = true;
  std::vector<EndpointSettings> endpoints = {{"0.0.0.0", 143, "starttls", {}},
                                             {"0.0.0.0", 993, "implicit", {}}};
  std::uint32_t idle_timeout_s = 1800;
  std::uint32_t keep_alive_s = 120;  // "* OK Still here" during IDLE
  std::uint64_t append_octets_max = 104857600;
  std::uint32_t mailboxes_max = 10000;           // per account
  std::uint32_t command_messages_max = 1000000;  // RFC 9738: MESSAGELIMIT, of one FETCH, SEARCH, STORE …
  std::uint32_t copy_messages_max = 1000000;     // SAVELIMIT, of one COPY
};

struct SubmissionSettings {
  bool enabled = true;  // and only if there is a relay.host
  std::vector<EndpointSettings> endpoints = {{"0.0.0.0", 587, "starttls", {}},
                                             {"0.0.0.0", 465, "implicit", {}}};
  std::uint64_t message_octets_max = 52428800;
  std::uint32_t recipients_max = 500;           // of one message
  std::uint32_t messages_per_hour_max = 300;    // of one account
  std::uint32_t recipients_per_day_max = 3000;  // of one account
  std::uint32_t idle_timeout_s = 300;
  bool check_from = true;            // addresses in From and Sender must be the account's, too
  bool show_client_address = false;  // in Received
  std::string auth_socket;           // unix socket where Postfix asks for passwords; empty: none
};

struct RelaySettings {
  std::string host;  // the smarthost: name, address, or "unix:/path"; empty: no mail goes out
  std::uint16_t port = 587;
  std::string protocol = "smtp";  // smtp, lmtp
  std::string tls = "starttls";   // none, starttls, implicit
  bool verify_certificate = true;
  std::string ca_file;  // PEM; empty: the system's
  std::string user;     // empty: no AUTH
  Secret password;
  std::uint32_t connections_max = 4;     // per worker
  std::uint32_t retry_min_s = 60;        // after the first attempt; doubles
  std::uint32_t retry_max_s = 3600;      // to this
  std::uint32_t expiry_s = 432000;       // then the sender gets it back
  std::uint32_t delay_report_s = 14400;  // then the sender is told of the delay; 0: never
};

struct HttpSettings {
  bool enabled = true;
  std::vector<EndpointSettings> endpoints = {{"0.0.0.0", 80, "none", {}}, {"0.0.0.0", 443, "implicit", {}}};
  std::string public_host;                  // that phones are told to use; empty: server.hostname
  std::string default_domain;               // of user names without one; empty: none
  std::vector<std::string> forwarded_from;  // proxies whose X-Forwarded-For and -Proto are believed
  std::vector<std::string> metrics_from = {"127.0.0.0/8", "::1"};  // who may read /metrics
  std::uint32_t header_timeout_s = 10;  // from a request's first octet to the end of its head
  std::uint32_t body_timeout_s = 10;    // of grace; then a body must come with 1 KiB a second
  std::uint32_t idle_timeout_s = 75;    // between two requests of a connection
  std::uint32_t requests_max = 10000;   // per connection
};

// What a device must agree to (MS-ASPROV). Plans, domains and accounts may say otherwise, value by value
// (policy_values.h).
struct PolicySettings {
  bool partly_allowed = true;  // devices that cannot apply all of it are let in
  bool password_required = false;
  bool password_alphanumeric = false;
  bool password_simple_allowed = true;             // 1111, 1234
  std::uint32_t password_length_min = 4;           // with password_required
  std::uint32_t password_character_kinds_min = 1;  // lower, upper, digits, others
  std::uint32_t password_age_max_days = 0;         // 0: any
  std::uint32_t password_history = 0;              // passwords that may not be taken again
  std::uint32_t password_failures_max = 0;         // then the device erases itself; 0: never; at least 4
  std::uint32_t lock_after_s = 0;                  // without a touch; 0: never
  bool encryption_required = false;                // of the device
  bool card_encryption_required = false;
  bool card_allowed = true;
  bool camera_allowed = true;
  bool browser_allowed = true;
  bool wifi_allowed = true;
  bool attachments_allowed = true;
  std::uint32_t attachment_octets_max = 0;  // 0: any
  bool html_allowed = true;
  std::uint32_t mail_age_filter_max = 0;  // as FilterType: 1 a day … 5 a month; 0: any
};

// Accounts of a domain that another address serves.
struct LocationSettings {
  std::string domain;
  std::string url;
};

struct ActiveSyncSettings {
  bool enabled = true;                          // at http's endpoints
  bool require_provisioning = true;             // devices take a policy before anything else
  std::uint32_t devices_max = 20;               // of one account
  std::string new_devices = "allowed";          // that no rule fits: allowed, blocked, quarantined
  std::uint32_t requests_per_minute_max = 600;  // of one device, per worker; 0: any
  std::uint64_t request_octets_max = 52428800;  // of one request, a message to send included
  std::vector<LocationSettings> locations;      // whose phones are sent elsewhere
  PolicySettings policy;
};

// What mail programs are told of the doors (Mozilla's autoconfig, Apple's profiles), and what the DNS should
// say.
struct AutoconfigSettings {
  bool enabled = true;                   // at http's endpoints
  std::string provider;                  // as programs show it; empty: the domain
  std::string imap_host;                 // empty: http.public_host, or else server.hostname
  std::string pop3_host;                 // likewise
  std::string submission_host;           // likewise
  std::string profile_certificate_file;  // signs Apple's profiles; empty: they are not signed
  std::string profile_key_file;
  std::vector<std::string> mx_hosts;  // that take mail for the domains; empty: server.hostname
  std::string mta_sts = "none";       // none, testing, enforce (RFC 8461)
  std::string tls_report_address;     // for RFC 8460 reports; empty: none are asked for
};

struct AbsenceSettings {
  std::uint32_t again_after_days = 7;        // until a sender is told again that somebody is out of office
  std::uint32_t replies_per_hour_max = 100;  // of one account
};

// The administration at http's endpoints, and at a socket of the machine that always lets its owner in.
struct AdminSettings {
  bool enabled = true;                   // at http's endpoints; the socket is there without it, too
  std::string socket;                    // empty: admin.sock in server.data_directory
  std::uint32_t session_idle_s = 900;    // a page session that nobody uses ends
  std::uint32_t session_life_s = 43200;  // and any, after so long
  std::uint32_t audit_days = 730;        // how long the audit is kept
};

struct StoreSettings {
  std::uint64_t index_cache_octets = 67108864;  // per worker: state of open mailboxes
  std::uint64_t facts_cache_octets = 33554432;  // per worker: structures of messages that were listed
  std::uint64_t blob_cache_octets = 0;          // per worker: message octets; 0: by the machine
  std::uint32_t doorbell_ms = 10;               // how long rings to other processes are gathered
  std::uint32_t watch_interval_s = 3;           // safety net behind the doorbell: mailboxes that are watched
  std::uint32_t account_watch_interval_s = 60;  // … and accounts
  std::uint32_t delivery_key_days = 7;          // how long a retried delivery is recognised
  std::uint32_t batch_max = 32;                 // deliveries in one commit
  std::uint32_t outbox_days = 3;                // how long mail that went out can be looked at
};

// When work that has its hour is done: backup, recount.
struct NightlySettings {
  std::string at = "02:30";  // HH:MM, as the clocks of the zone show it
  std::string zone = "UTC";  // "Europe/Berlin"
};

// A bucket of an S3-compatible store, addressed by path.
struct S3Settings {
  std::string endpoint;  // "https://s3.example.net"; empty: none
  std::string region = "us-east-1";
  std::string bucket;
  std::string prefix;           // of all names; empty, or it ends in "/"
  std::string access_key_file;  // the keys, in a file each
  std::string secret_key_file;
  std::string ca_file;  // PEM; empty: the system's
};

// Every evening, at the nightly hour, to a repository outside the database.
struct BackupSettings {
  std::string directory;        // of the repository; empty here and at s3.endpoint: no backup
  S3Settings s3;                // instead
  std::string key_file;         // encrypts it: 32 octets in hexadecimal; empty: in clear
  std::uint32_t evenings = 14;  // kept
  bool wanted() const { return !directory.empty() || !s3.endpoint.empty(); }
};

struct Settings {
  ServerSettings server;
  DatabaseSettings database;
  TlsSettings tls;
  LimitSettings limits;
  LoginSettings login;
  LmtpSettings lmtp;
  Pop3Settings pop3;
  ImapSettings imap;
  SubmissionSettings submission;
  RelaySettings relay;
  HttpSettings http;
  ActiveSyncSettings activesync;
  AutoconfigSettings autoconfig;
  AbsenceSettings absence;
  AdminSettings admin;
  StoreSettings store;
  NightlySettings nightly;
  BackupSettings backup;
};

}  // namespace postern
