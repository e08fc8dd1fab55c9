#include "storage/postgres/connect.h"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netdb.h>

#include <algorithm>

#include "gateway/async/worker.h"
#include "gateway/base/text.h"
#include "storage/postgres/socket_watch.h"

namespace postern::postgres {

namespace {

constexpr int kVersionMin = 150000;

// Blocking: for the worker threads. Empty if the name does not resolve.
std::vector<std::string> resolve(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  std::vector<std::string> addresses;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    char numeric[NI_MAXHOST];
    if (getnameinfo(each->ai_addr, each->ai_addrlen, numeric, sizeof numeric, nullptr, 0, NI_NUMERICHOST) ==
        0) {
      addresses.emplace_back(numeric);
    }
  }
  freeaddrinfo(found);
  return addresses;
}

Error refused(const DatabaseHost& host, std::string_view reason) {
  const std::string& name = host.host.empty() ? host.address : host.host;
  return Error(ErrorKind::unavailable, name + ":" + host.port + ": " + std::string(text::trim(reason)));
}

Result<void> check_server(const DatabaseHost& host, PGconn* connection) {
  if (PQserverVersion(connection) < kVersionMin) return refused(host, "PostgreSQL 15 or later is needed");
  const char* encoding = PQparameterStatus(connection, "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8") {
    return refused(host, "the database's encoding is not UTF8");
  }
  return {};
}

}  // namespace

void ConnectionCloser::operator()(PGconn* connection) const {
  PQfinish(connection);
}

Connector::Connector(Loop& loop, const std::string& conninfo, const DatabaseSettings& settings)
    : loop_(loop),
      conninfo_(Conninfo::parse(conninfo, settings)),
      limit_(Milliseconds(settings.connect_timeout_s * 1000)) {}

Task<std::vector<DatabaseHost>> Connector::candidates() {
  std::vector<DatabaseHost> out;
  for (const DatabaseHost& host : conninfo_->hosts()) {
    if (!host.needs_resolving()) {
      out.push_back(host);
      continue;
    }
    auto work = [name = host.host] { return resolve(name); };
    const std::vector<std::string> addresses = co_await in_worker(loop_, std::move(work));
    for (const std::string& address : addresses) {
      out.push_back(host);
      out.back().address = address;
    }
  }
  std::stable_partition(out.begin(), out.end(), [this](const DatabaseHost& host) {
    return host.host == last_good_.host && host.address == last_good_.address && host.port == last_good_.port;
  });
  co_return out;
}

Task<Result<ConnectionHandle>> Connector::connect(std::string more_options) {
  if (!conninfo_) co_return Error(ErrorKind::unavailable, conninfo_.error().detail);
  const std::vector<DatabaseHost> hosts = co_await candidates();
  Error last(ErrorKind::unavailable, "no database server's name resolves");
  for (const DatabaseHost& host : hosts) {
    Result<ConnectionHandle> connection = co_await connect_to(host, more_options);
    if (connection) {
      last_good_ = host;
      co_return connection;
    }
    last = std::move(connection).error();
  }
  co_return last;
}

Task<Result<ConnectionHandle>> Connector::connect_to(DatabaseHost host, std::string more_options) {
  const Conninfo::Words words = conninfo_->words(host, more_options);
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& word : words) {
    keys.push_back(word.first.c_str());
    values.push_back(word.second.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);

  const Deadline deadline = Deadline::after(limit_);
  ConnectionHandle connection(PQconnectStartParams(keys.data(), values.data(), 0));
  if (!connection) co_return refused(host, "out of memory");
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
  if (PQstatus(connection.get()) == CONNECTION_BAD) next = PGRES_POLLING_FAILED;
  while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
    const int events = next == PGRES_POLLING_READING ? UV_READABLE : UV_WRITABLE;
    const bool ready = co_await socket_ready(loop_, PQsocket(connection.get()), events, deadline);
    if (!ready) co_return refused(host, "no answer in time");
    next = PQconnectPoll(connection.get());
  }
  if (next != PGRES_POLLING_OK) co_return refused(host, PQerrorMessage(connection.get()));
  CO_TRY_VOID(check_server(host, connection.get()));
  if (PQsetnonblocking(connection.get(), 1) != 0 || PQenterPipelineMode(connection.get()) != 1) {
    co_return refused(host, PQerrorMessage(connection.get()));
  }
  co_return connection;
}

}  // namespace postern::postgres
