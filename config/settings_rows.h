// The one list of what may stand in the settings file: key, member, bounds. Reading, writing and the list of
// keys are three visitors of these rows (settings_reader.h, settings_writer.h, settings_keys.h), so a setting
// is added in settings.h, here, and in postern.example.yaml.
//
// A visitor offers: section, list, number, flag, text, choice, texts, path, secret, database_url.
#pragma once

#include <cstdint>

#include "config/settings.h"
#include "config/value_checks.h"

namespace postern {

struct Bounds {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
  bool required = false;
};

enum class FileMode { readable, secret };  // secret: refused if users other than owner and group may read it

constexpr std::uint64_t kOctetsMin = 1024;
constexpr std::uint64_t kMessageOctetsMax = 2147483647;  // what a 32-bit client can count
constexpr std::uint64_t kCacheOctetsMin = 1048576;
constexpr std::uint64_t kCacheOctetsMax = 1099511627776;
constexpr std::uint64_t kDay = 86400;
constexpr std::size_t kCertificatesMax = 1000;
constexpr std::size_t kEndpointsMax = 64;
constexpr std::size_t kLocationsMax = 10'000;

template <class Rows>
void rows_of(Rows& rows, ServerSettings& s) {
  rows.text("hostname", s.hostname, check_host_name);
  rows.text("data_directory", s.data_directory, check_absolute_path);
  rows.number("workers", s.workers, Bounds{0, 256});
  rows.text("user", s.user, check_user_name);
  rows.number("drain_limit_s", s.drain_limit_s, Bounds{0, 3600});
  rows.choice("log_level", s.log_level, {"debug", "info", "warning", "error"});
  rows.choice("log_format", s.log_format, {"logfmt", "json"});
}

template <class Rows>
void rows_of(Rows& rows, DatabaseSettings& s) {
  rows.database_url("url", s.url);
  rows.secret("password", s.password);
  rows.number("write_connections", s.write_connections, Bounds{1, 100});
  rows.number("read_connections", s.read_connections, Bounds{1, 100});
  rows.number("bulk_connections", s.bulk_connections, Bounds{1, 100});
  rows.number("connect_timeout_s", s.connect_timeout_s, Bounds{1, 300});
  rows.number("network_timeout_s", s.network_timeout_s, Bounds{1, 300});
  rows.number("statement_timeout_s", s.statement_timeout_s, Bounds{1, 3600});
  rows.number("lock_timeout_s", s.lock_timeout_s, Bounds{1, 600});
  rows.number("queue_wait_limit_s", s.queue_wait_limit_s, Bounds{1, 300});
  rows.number("queue_max", s.queue_max, Bounds{1, 1000000});
}

template <class Rows>
void rows_of(Rows& rows, CertificateSettings& s) {
  rows.path("certificate_file", s.certificate_file, FileMode::readable);
  rows.path("key_file", s.key_file, FileMode::secret);
  rows.texts("server_names", s.server_names, check_server_name);
}

template <class Rows>
void rows_of(Rows& rows, TlsSettings& s) {
  rows.list("certificates", s.certificates, kCertificatesMax);
}

template <class Rows>
void rows_of(Rows& rows, LimitSettings& s) {
  rows.number("connections_max", s.connections_max, Bounds{1, 1000000});
  rows.number("unauthenticated_max", s.unauthenticated_max, Bounds{1, 1000000});
  rows.number("per_peer_max", s.per_peer_max, Bounds{1, 1000000});
  rows.number("per_peer_unauthenticated_max", s.per_peer_unauthenticated_max, Bounds{1, 1000000});
  rows.texts("exempt_networks", s.exempt_networks, check_network);
  rows.number("unauthenticated_life_s", s.unauthenticated_life_s, Bounds{1, 3600});
  rows.number("tls_handshake_s", s.tls_handshake_s, Bounds{1, 300});
  rows.number("output_stall_s", s.output_stall_s, Bounds{1, 3600});
}

template <class Rows>
void rows_of(Rows& rows, EndpointSettings& s) {
  rows.text("address", s.address, check_address);
  rows.number("port", s.port, Bounds{.least = 1, .most = 65535, .required = true});
  rows.choice("tls", s.tls, {"none", "starttls", "implicit"});
  rows.texts("proxy_from", s.proxy_from, check_network);
}

template <class Rows>
void rows_of(Rows& rows, LoginSettings& s) {
  rows.texts("plaintext_networks", s.plaintext_networks, check_network);
  rows.number("verified_cache_s", s.verified_cache_s, Bounds{0, kDay});
  rows.number("failures_per_minute_max", s.failures_per_minute_max, Bounds{1, 100000});
  rows.number("failures_per_day_max", s.failures_per_day_max, Bounds{1, 1000000});
  rows.number("failure_delay_ms", s.failure_delay_ms, Bounds{0, 15000});
  rows.number("hash_queue_max", s.hash_queue_max, Bounds{1, 100000});
  rows.number("yescrypt_cost", s.yescrypt_cost, Bounds{1, 8});
}

template <class Rows>
void rows_of(Rows& rows, LmtpSettings& s) {
  rows.flag("enabled", s.enabled);
  rows.list("endpoints", s.endpoints, kEndpointsMax);
  rows.number("message_octets_max", s.message_octets_max, Bounds{kOctetsMin, kMessageOctetsMax});
  rows.number("recipients_max", s.recipients_max, Bounds{1, 100000});
  rows.number("idle_timeout_s", s.idle_timeout_s, Bounds{1, kDay});
  rows.text("recipient_delimiter", s.recipient_delimiter, check_delimiter);
  rows.choice("over_quota", s.over_quota, {"temporary", "permanent"});
}

template <class Rows>
void rows_of(Rows& rows, Pop3Settings& s) {
  rows.flag("enabled", s.enabled);
  rows.list("endpoints", s.endpoints, kEndpointsMax);
  rows.number("idle_timeout_s", s.idle_timeout_s, Bounds{1, kDay});
  rows.number("login_delay_s", s.login_delay_s, Bounds{0, kDay});
}

template <class Rows>
void rows_of(Rows& rows, ImapSettings& s) {
  rows.flag("enabled", s.enabled);
  rows.list("endpoints", s.endpoints, kEndpointsMax);
  rows.number("idle_timeout_s", s.idle_timeout_s, Bounds{1, kDay});
  rows.number("keep_alive_s", s.keep_alive_s, Bounds{1, 1740});  // below what RFC 2177 lets a client wait
  rows.number("append_octets_max", s.append_octets_max, Bounds{kOctetsMin, kMessageOctetsMax});
  rows.number("mailboxes_max", s.mailboxes_max, Bounds{1, 1000000});
  rows.number("command_messages_max", s.command_messages_max, Bounds{1, UINT32_MAX});
  rows.number("copy_messages_max", s.copy_messages_max, Bounds{1, UINT32_MAX});
}

template <class Rows>
void rows_of(Rows& rows, SubmissionSettings& s) {
  rows.flag("enabled", s.enabled);
  rows.list("endpoints", s.endpoints, kEndpointsMax);
  rows.number("message_octets_max", s.message_octets_max, Bounds{kOctetsMin, kMessageOctetsMax});
  rows.number("recipients_max", s.recipients_max, Bounds{1, 10000});
  rows.number("messages_per_hour_max", s.messages_per_hour_max, Bounds{1, 1000000});
  rows.number("recipients_per_day_max", s.recipients_per_day_max, Bounds{1, 10000000});
  rows.number("idle_timeout_s", s.idle_timeout_s, Bounds{1, kDay});
  rows.flag("check_from", s.check_from);
  rows.flag("show_client_address", s.show_client_address);
  rows.text("auth_socket", s.auth_socket, check_absolute_path_or_none);
}

template <class Rows>
void rows_of(Rows& rows, RelaySettings& s) {
  rows.text("host", s.host, check_relay_host);
  rows.number("port", s.port, Bounds{1, 65535});
  rows.choice("protocol", s.protocol, {"smtp", "lmtp"});
  rows.choice("tls", s.tls, {"none", "starttls", "implicit"});
  rows.flag("verify_certificate", s.verify_certificate);
  rows.text("ca_file", s.ca_file, check_absolute_path_or_none);
  rows.text("user", s.user, check_any);
  rows.secret("password", s.password);
  rows.number("connections_max", s.connections_max, Bounds{1, 100});
  rows.number("retry_min_s", s.retry_min_s, Bounds{1, kDay});
  rows.number("retry_max_s", s.retry_max_s, Bounds{1, kDay});
  rows.number("expiry_s", s.expiry_s, Bounds{60, 30 * kDay});
  rows.number("delay_report_s", s.delay_report_s, Bounds{0, 30 * kDay});
}

template <class Rows>
void rows_of(Rows& rows, HttpSettings& s) {
  rows.flag("enabled", s.enabled);
  rows.list("endpoints", s.endpoints, kEndpointsMax);
  rows.text("public_host", s.public_host, check_host_name);
  rows.text("default_domain", s.default_domain, check_host_name);
  rows.texts("forwarded_from", s.forwarded_from, check_network);
  rows.texts("metrics_from", s.metrics_from, check_network);
  rows.number("header_timeout_s", s.header_timeout_s, Bounds{1, 300});
  rows.number("body_timeout_s", s.body_timeout_s, Bounds{1, 300});
  rows.number("idle_timeout_s", s.idle_timeout_s, Bounds{1, kDay});
  rows.number("requests_max", s.requests_max, Bounds{1, 1000000000});
}

template <class Rows>
void rows_of(Rows& rows, PolicySettings& s) {
  rows.flag("partly_allowed", s.partly_allowed);
  rows.flag("password_required", s.password_required);
  rows.flag("password_alphanumeric", s.password_alphanumeric);
  rows.flag("password_simple_allowed", s.password_simple_allowed);
  rows.number("password_length_min", s.password_length_min, Bounds{1, 16});
  rows.number("password_character_kinds_min", s.password_character_kinds_min, Bounds{1, 4});
  rows.number("password_age_max_days", s.password_age_max_days, Bounds{0, 730});
  rows.number("password_history", s.password_history, Bounds{0, 50});
  rows.number("password_failures_max", s.password_failures_max, Bounds{0, 16});
  rows.number("lock_after_s", s.lock_after_s, Bounds{0, 9998});
  rows.flag("encryption_required", s.encryption_required);
  rows.flag("card_encryption_required", s.card_encryption_required);
  rows.flag("card_allowed", s.card_allowed);
  rows.flag("camera_allowed", s.camera_allowed);
  rows.flag("browser_allowed", s.browser_allowed);
  rows.flag("wifi_allowed", s.wifi_allowed);
  rows.flag("attachments_allowed", s.attachments_allowed);
  rows.number("attachment_octets_max", s.attachment_octets_max, Bounds{0, kMessageOctetsMax});
  rows.flag("html_allowed", s.html_allowed);
  rows.number("mail_age_filter_max", s.mail_age_filter_max, Bounds{0, 5});
}

template <class Rows>
void rows_of(Rows& rows, LocationSettings& s) {
  rows.text("domain", s.domain, check_host_name);
  rows.text("url", s.url, check_https_url);
}

template <class Rows>
void rows_of(Rows& rows, ActiveSyncSettings& s) {
  rows.flag("enabled", s.enabled);
  rows.flag("require_provisioning", s.require_provisioning);
  rows.number("devices_max", s.devices_max, Bounds{1, 10000});
  rows.choice("new_devices", s.new_devices, {"allowed", "blocked", "quarantined"});
  rows.number("requests_per_minute_max", s.requests_per_minute_max, Bounds{0, 100000});
  rows.number("request_octets_max", s.request_octets_max, Bounds{1048576, 536870912});
  rows.list("locations", s.locations, kLocationsMax);
  rows.section("policy", s.policy);
}

template <class Rows>
void rows_of(Rows& rows, AutoconfigSettings& s) {
  rows.flag("enabled", s.enabled);
  rows.text("provider", s.provider, check_any);
  rows.text("imap_host", s.imap_host, check_host_name);
  rows.text("pop3_host", s.pop3_host, check_host_name);
  rows.text("submission_host", s.submission_host, check_host_name);
  rows.text("profile_certificate_file", s.profile_certificate_file, check_absolute_path_or_none);
  rows.text("profile_key_file", s.profile_key_file, check_absolute_path_or_none);
  rows.texts("mx_hosts", s.mx_hosts, check_host_name);
  rows.choice("mta_sts", s.mta_sts, {"none", "testing", "enforce"});
  rows.text("tls_report_address", s.tls_report_address, check_any);
}

template <class Rows>
void rows_of(Rows& rows, AbsenceSettings& s) {
  rows.number("again_after_days", s.again_after_days, Bounds{1, 365});
  rows.number("replies_per_hour_max", s.replies_per_hour_max, Bounds{1, 100000});
}

template <class Rows>
void rows_of(Rows& rows, AdminSettings& s) {
  rows.flag("enabled", s.enabled);
  rows.text("socket", s.socket, check_absolute_path_or_none);
  rows.number("session_idle_s", s.session_idle_s, Bounds{60, kDay});
  rows.number("session_life_s", s.session_life_s, Bounds{60, 30 * kDay});
  rows.number("audit_days", s.audit_days, Bounds{1, 36500});
}

template <class Rows>
void rows_of(Rows& rows, StoreSettings& s) {
  rows.number("index_cache_octets", s.index_cache_octets, Bounds{kCacheOctetsMin, kCacheOctetsMax});
  rows.number("facts_cache_octets", s.facts_cache_octets, Bounds{kCacheOctetsMin, kCacheOctetsMax});
  rows.number("blob_cache_octets", s.blob_cache_octets, Bounds{0, kCacheOctetsMax});
  rows.number("doorbell_ms", s.doorbell_ms, Bounds{0, 1000});
  rows.number("watch_interval_s", s.watch_interval_s, Bounds{1, 300});
  rows.number("account_watch_interval_s", s.account_watch_interval_s, Bounds{1, 3600});
  rows.number("delivery_key_days", s.delivery_key_days, Bounds{1, 90});
  rows.number("batch_max", s.batch_max, Bounds{1, 1000});
  rows.number("outbox_days", s.outbox_days, Bounds{1, 90});
}

template <class Rows>
void rows_of(Rows& rows, NightlySettings& s) {
  rows.text("at", s.at, check_time_of_day);
  rows.text("zone", s.zone, check_time_zone);
}

template <class Rows>
void rows_of(Rows& rows, S3Settings& s) {
  rows.text("endpoint", s.endpoint, check_http_origin);
  rows.text("region", s.region, check_s3_name);
  rows.text("bucket", s.bucket, check_s3_name);
  rows.text("prefix", s.prefix, check_s3_prefix);
  rows.text("access_key_file", s.access_key_file, check_absolute_path_or_none);
  rows.text("secret_key_file", s.secret_key_file, check_absolute_path_or_none);
  rows.text("ca_file", s.ca_file, check_absolute_path_or_none);
}

template <class Rows>
void rows_of(Rows& rows, BackupSettings& s) {
  rows.text("directory", s.directory, check_absolute_path_or_none);
  rows.section("s3", s.s3);
  rows.text("key_file", s.key_file, check_absolute_path_or_none);
  rows.number("evenings", s.evenings, Bounds{1, 366});
}

template <class Rows>
void rows_of(Rows& rows, Settings& s) {
  rows.section("server", s.server);
  rows.section("database", s.database);
  rows.section("tls", s.tls);
  rows.section("limits", s.limits);
  rows.section("login", s.login);
  rows.section("lmtp", s.lmtp);
  rows.section("pop3", s.pop3);
  rows.section("imap", s.imap);
  rows.section("submission", s.submission);
  rows.section("relay", s.relay);
  rows.section("http", s.http);
  rows.section("activesync", s.activesync);
  rows.section("autoconfig", s.autoconfig);
  rows.section("absence", s.absence);
  rows.section("admin", s.admin);
  rows.section("store", s.store);
  rows.section("nightly", s.nightly);
  rows.section("backup", s.backup);
}

}  // namespace postern
