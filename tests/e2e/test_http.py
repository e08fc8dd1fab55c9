"""curl and raw sockets at the HTTP door."""
import concurrent.futures
import os
import socket
import subprocess
import unittest

import gateway
from gateway import insecure_context

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

