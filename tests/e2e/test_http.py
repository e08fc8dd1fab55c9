"""curl and raw sockets at the HTTP door."""
import concurrent.futures
import json
import os
import socket
import subprocess
import unittest

import gateway
from gateway import MailCase, insecure_context

IDLE_CONNECTIONS = 1000
IDLE_KIB_MAX = 40


class Http(unittest.TestCase):
    def setUp(self):
        self.gateway = gateway.shared()
        self.ports = self.gateway.ports

    def curl(self, *arguments):
        done = subprocess.run(["curl", "-sk", "--max-time", "20", *arguments], capture_output=True, text=True,
                              check=True)
        return done.stdout

    def test_plain_and_tls(self):
        for scheme, port in (("http", self.ports["http"]), ("https", self.ports["https"])):
            base = "%s://127.0.0.1:%d" % (scheme, port)
            self.assertEqual(self.curl("-w", " %{http_code} %{http_version}", base + "/livez"), "alive\n 200 1.1")
            self.assertEqual(self.curl("-o", os.devnull, "-w", "%{http_code}", base + "/nowhere"), "404")
            self.assertIn("405", self.curl("-i", "-X", "DELETE", base + "/livez"))
            # Two requests, one connection.
            self.assertEqual(self.curl("-w", "%{num_connects}", base + "/livez", base + "/livez"), "alive\n1alive\n0")

    def test_a_large_body_is_refused_before_it_is_sent(self):
        path = os.path.join(self.gateway.home, "large")
        with open(path, "wb") as file:
            file.truncate(50_000_000)
        sent = self.curl("-o", os.devnull, "-w", "%{http_code} %{size_upload}", "-T", path,
                         "-X", "GET", "http://127.0.0.1:%d/livez" % self.ports["http"])
        status, octets = sent.split()
        self.assertEqual(status, "400")
        self.assertLess(int(octets), 5_000_000)

    def test_alpn(self):
        context = insecure_context()
        context.set_alpn_protocols(["h2", "http/1.1"])
        with socket.create_connection(("127.0.0.1", self.ports["https"]), timeout=20) as plain:
            with context.wrap_socket(plain) as tls:
                self.assertEqual(tls.selected_alpn_protocol(), "http/1.1")

    def test_memory_of_idle_connections(self):
        """A thousand TLS connections that have had an answer and wait for the next request."""
        workers = [int(pid) for pid in children_of(self.gateway.pid)]

        def connect(_):
            plain = socket.create_connection(("127.0.0.1", self.ports["https"]), timeout=60)
            tls = insecure_context().wrap_socket(plain)
            tls.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = b""
            while not answer.endswith(b"alive\n"):
                answer += tls.recv(4096)
            return tls

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            for early in list(pool.map(connect, range(50))):  # what a worker needs once
                early.close()
            before = sum(resident_kib(pid) for pid in workers)
            connections = list(pool.map(connect, range(IDLE_CONNECTIONS)))
            after = sum(resident_kib(pid) for pid in workers)
        each = (after - before) / IDLE_CONNECTIONS
        print("%.1f KiB an idle TLS connection" % each)
        self.assertLess(each, IDLE_KIB_MAX)
        for connection in connections:
            connection.close()


class Autodiscover(MailCase):
    """As phones ask: POST with Basic, GET for JSON."""
    SCHEMA = "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/"

    def ask(self, user=None, password=None, scheme="https", schema="responseschema/2006"):
        body = ('<Autodiscover xmlns="%srequestschema/2006"><Request><EMailAddress>%s</EMailAddress>'
                '<AcceptableResponseSchema>%s%s</AcceptableResponseSchema></Request></Autodiscover>'
                % (self.SCHEMA, self.address, self.SCHEMA, schema))
        ports = self.gateway.ports
        login = ["-u", "%s:%s" % (user, password)] if user else []
        answer = self.run_client("curl", "-sk", "--max-time", "20", "-w", "\n%{http_code}", *login,
                                 "-H", "Content-Type: text/xml", "-d", body,
                                 "%s://127.0.0.1:%d/Autodiscover/Autodiscover.xml" % (scheme, ports[scheme]))
        text, status = answer.rsplit("\n", 1)
        return int(status), text

    def test_only_for_accounts_that_may_synchronise(self):
        self.assertEqual(self.ask()[0], 401)
        status, text = self.ask(self.address, self.password)
        self.assertEqual(status, 200)
        self.assertIn("<ErrorCode>601</ErrorCode>", text)  # the demo's plan does not have it
        self.gateway.command("feature", "enable", "mobile_sync", self.address)
        local, domain = self.address.split("@")
        for user in (self.address, domain + "\\" + local):
            status, text = self.ask(user, self.password, scheme="http")
            self.assertEqual(status, 200)
            self.assertIn("<Type>MobileSync</Type><Url>https://localhost/Microsoft-Server-ActiveSync</Url>", text)
        self.assertIn("<ErrorCode>601</ErrorCode>", self.ask(self.address, self.password, schema="other")[1])
        # A remembered password does not outlive the flag, nor the password itself.
        self.gateway.command("feature", "disable", "mobile_sync", self.address)
        self.assertIn("<ErrorCode>601</ErrorCode>", self.ask(self.address, self.password)[1])
        self.gateway.command("feature", "enable", "mobile_sync", self.address)
        self.gateway.command("account", "password", self.address, "--password-stdin", input="another one\n")
        self.assertEqual(self.ask(self.address, self.password)[0], 401)
        self.assertEqual(self.ask(self.address, "another one")[0], 200)

    def test_json(self):
        base = "https://127.0.0.1:%d/autodiscover/autodiscover.json" % self.gateway.ports["https"]
        for path in ("?Email=x@y.z&Protocol=ActiveSync&RedirectCount=1", "/v1.0/x%40y.z?Protocol=activesync"):
            answer = json.loads(self.run_client("curl", "-sk", "--max-time", "20", base + path))
            self.assertEqual(answer, {"Protocol": "ActiveSync",
                                      "Url": "https://localhost/Microsoft-Server-ActiveSync"})
        answer = json.loads(self.run_client("curl", "-sk", "--max-time", "20", base + "?Protocol=Ews"))
        self.assertEqual(answer["ErrorCode"], "InvalidProtocol")


def children_of(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
        children = file.read().split()
    return [child for child in children if b"worker" in command_of(child)]


def command_of(pid):
    with open("/proc/%s/cmdline" % pid, "rb") as file:
        return file.read()


def resident_kib(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        for line in file:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    raise RuntimeError("no VmRSS")

