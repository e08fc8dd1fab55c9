"""The API over many accounts: pages of a list, and a switch until every worker follows it. Postern only."""
import base64
import http.client
import json
import os
import socket
import statistics
import threading
import time
import urllib.parse

import accounts
import bench_client
import safekeeping

PAGE = 100
SWITCHES = 20
FRESH_CONNECTIONS = 32  # in a row that agree: by then every worker has most likely answered one
FOLLOW_S_MAX = 30
CROWD = "crowd.test"
MOBILE_SYNC = 1 << 2  # of the features' bits
# As the directory makes them, but for their mailboxes, which no list looks at.
CROWD_SQL = """
WITH home AS (SELECT domain_id FROM domains WHERE name = '%s'),
     made AS (INSERT INTO accounts (domain_id, address, password_hash)
              SELECT domain_id, 'u' || lpad(n::text, 7, '0') || '@%s', '*'
                FROM home, generate_series(1, %d) AS n RETURNING account_id)
INSERT INTO account_usage (account_id, next_uid_validity) SELECT account_id, 1 FROM made
"""


class SocketConnection(http.client.HTTPConnection):
    """To the machine's own socket, where whoever may open it is root."""

    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def api_of(server):
    return SocketConnection(os.path.join(server.data, "admin.sock"))


def ask(api, method, path, body=None):
    """(answer, milliseconds)"""
    fields = {"Content-Type": "application/json"} if body is not None else {}
    began = time.monotonic()
    api.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None, fields)
    answer = api.getresponse()
    octets = answer.read()
    took_ms = (time.monotonic() - began) * 1000
    if answer.status >= 300:
        raise bench_client.Refused("%s %s: %d %s" % (method, path, answer.status, octets.decode()))
    return json.loads(octets) if octets else None, took_ms


def both(name, took_ms):
    return [{"name": name + " p50", "unit": "ms", "value": statistics.median(took_ms), "better": "lower"},
            {"name": name + " p99", "unit": "ms", "value": statistics.quantiles(took_ms, n=100)[98], "better": "lower"}]


def make_crowd(server, domain, count):
    server.command("domain", "add", domain)
    server.sql(CROWD_SQL % (domain, domain, count))
    server.sql("ANALYZE accounts, account_usage")


def pages(api, count, **filters):
    """Milliseconds of each page, from the first on."""
    took_ms, after = [], None
    while len(took_ms) < count:
        query = dict(filters, limit=PAGE, **({"after": after} if after else {}))
        page, ms = ask(api, "GET", "/accounts?" + urllib.parse.urlencode(query))
        took_ms.append(ms)
        after = page["next"]
        if after is None:
            break
    return took_ms


def list_accounts(count, pages_max):
    """Through all of them, with filters that many and that nobody fits, and from beginnings all over."""
    def run(_bench, server, _tls):
        made = server.sql("SELECT count(*) FROM domains WHERE name = '%s'" % CROWD)
        if made == "0":
            make_crowd(server, CROWD, count)
        api = api_of(server)
        beginnings = ["u%03d" % (number * 10) for number in range(100)]
        searched = [ask(api, "GET", "/accounts?limit=%d&q=%s" % (PAGE, one))[1] for one in beginnings]
        rare = [ask(api, "GET", "/accounts?limit=%d&status=disabled" % PAGE)[1] for _ in range(5)]
        return (both("page", pages(api, pages_max)) + both("page of a domain", pages(api, pages_max, domain=CROWD)) +
                both("page with a door", pages(api, pages_max, domain=CROWD, feature="imap")) +
                both("by beginning", searched) + both("that nobody fits", rare))
    return run


def phone_status(server, address):
    """What a phone on a fresh connection hears."""
    connection = http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=30)
    proof = base64.b64encode(("%s:%s" % (address, accounts.PASSWORD)).encode()).decode()
    connection.request("OPTIONS", "/Microsoft-Server-ActiveSync", headers={"Authorization": "Basic " + proof})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def followed_ms(server, address, wanted, began):
    """Until the first of a row of answers that are all as wanted."""
    first, row = None, 0
    while row < FRESH_CONNECTIONS:
        if time.monotonic() - began > FOLLOW_S_MAX:
            raise bench_client.Refused("a worker does not follow the switch")
        if phone_status(server, address) == wanted:
            first, row = (time.monotonic(), 1) if row == 0 else (first, row + 1)
        else:
            row = 0
    return (first - began) * 1000


def toggle(name):
    def run(_bench, server, _tls):
        api = api_of(server)
        path = "/accounts/%s/features" % urllib.parse.quote(accounts.address(name))
        took_ms, until_ms = [], []
        for number in range(SWITCHES):
            on = number % 2 == 1
            took_ms.append(ask(api, "PATCH", path, {"mobile_sync": on})[1])
            until_ms.append(followed_ms(server, accounts.address(name), 200 if on else 403, time.monotonic()))
        return both("switch", took_ms) + both("followed after", until_ms)
    return run


def toggle_domain(count):
    """All accounts of a domain, of which each has a word of its own about it, while mail comes in."""
    def run(bench, server, _tls):
        domain = "switched-%s.test" % bench.unique_run()
        make_crowd(server, domain, count)
        probe = "probe@" + domain
        server.command("account", "add", probe, "--hash-stdin", text=accounts.HASH + "\n")
        server.sql("UPDATE accounts SET features_set = features_set | %d WHERE domain_id = "
                   "(SELECT domain_id FROM domains WHERE name = '%s')" % (MOBILE_SYNC, domain))
        give_up = time.monotonic() + 10
        quiet = safekeeping.deliveries_p99_ms(server, lambda: time.monotonic() < give_up)
        told = {}

        def switch():
            path = "/domains/%s/features?overrides=clear" % domain
            told["ms"] = ask(api_of(server), "PATCH", path, {"mobile_sync": True})[1]
            told["followed"] = followed_ms(server, probe, 200, time.monotonic())

        switching = threading.Thread(target=switch)
        switching.start()
        busy = safekeeping.deliveries_p99_ms(server, switching.is_alive)
        switching.join()
        figure = safekeeping.figure
        return [figure("switch of all", "s", told["ms"] / 1000), figure("followed after", "ms", told["followed"]),
                figure("delivery p99, no switch", "ms", quiet), figure("delivery p99 during the switch", "ms", busy)]
    return run
