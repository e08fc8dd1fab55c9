"""What monitoring sees: the page of metrics against its document, over all workers and the death of one."""
import os
import re
import signal
import subprocess
import time
import unittest
import urllib.request

import gateway
from gateway import MailCase, ROOT


class Metrics(MailCase):
    def page(self):
        url = "http://127.0.0.1:%d/metrics" % self.gateway.ports["http"]
        with urllib.request.urlopen(url, timeout=20) as answer:
            self.assertEqual(answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
            return answer.read().decode()

    def total(self, name, **labels):
        """The sum of all series of that name with these labels."""
        found = 0
        for line in self.page().splitlines():
            match = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line)
            if match and match[1] == name:
                has = dict(re.findall(r'(\w+)="([^"]*)"', match[2] or ""))
                if labels.items() <= has.items():
                    found += float(match[3])
        return found

    def test_prometheus_takes_it(self):
        done = subprocess.run(["promtool", "check", "metrics"], input=self.page(), capture_output=True, text=True,
                              check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_the_document_is_complete(self):
        with open(os.path.join(ROOT, "docs", "metrics.md"), encoding="utf-8") as file:
            documented = dict(re.findall(r"^\| `(postern_\w+)` \| (\w+) \|", file.read(), re.M))
        told = dict(re.findall(r"^# TYPE (\w+) (\w+)$", self.page(), re.M))
        self.assertEqual(told, documented)

    def test_everything_counts(self):
        before = {result: self.total("postern_sign_ins_total", door="imap", result=result)
                  for result in ("accepted", "credentials")}
        stored = self.total("postern_deliveries_total", result="stored")
        self.gateway.deliver(self.address)
        client = self.gateway.imap(self.address)
        try:
            self.assertGreaterEqual(self.total("postern_sessions", door="imap"), 1)
        finally:
            client.logout()
        with self.assertRaises(Exception):
            self.gateway.passwords["nobody@example.test"] = "wrong"
            self.gateway.imap("nobody@example.test")
        self.assertEqual(self.total("postern_sign_ins_total", door="imap", result="accepted"), before["accepted"] + 1)
        self.assertEqual(self.total("postern_sign_ins_total", door="imap", result="credentials"),
                         before["credentials"] + 1)
        self.assertEqual(self.total("postern_deliveries_total", result="stored"), stored + 1)
        self.assertGreater(self.total("postern_database_round_trip_seconds_count"), 0)
        self.assertGreater(self.total("postern_worker_resident_memory_bytes", worker="0"), 1_000_000)

    def test_push_is_timed(self):
        client = self.gateway.imap(self.address)
        client.select()
        client.send(b"i1 IDLE\r\n")
        client.readline()
        before = self.total("postern_push_seconds_count", door="imap")
        bells = self.total("postern_bell_seconds_count")
        self.gateway.deliver(self.address)
        while b"EXISTS" not in client.readline():
            pass
        client.send(b"DONE\r\n")
        while not client.readline().startswith(b"i1 "):
            pass
        self.assertEqual(self.total("postern_push_seconds_count", door="imap"), before + 1)
        client.logout()
        wait_for(lambda: self.total("postern_bell_seconds_count") > bells)


class Workers(unittest.TestCase):
    def test_a_crash_loses_no_count(self):
        own = gateway.Gateway({"POSTERN_SERVER_WORKERS": "2"})
        try:
            case = Metrics()
            case.gateway = own
            self.assertEqual(case.total("postern_worker_starts_total"), 2)
            for _ in range(20):
                case.page()
            requests = case.total("postern_http_requests_total", status="2xx")
            os.kill(own.workers()[0], signal.SIGKILL)
            wait_for(lambda: case.total("postern_worker_starts_total") == 3)
            self.assertGreaterEqual(case.total("postern_http_requests_total", status="2xx"), requests)
            with urllib.request.urlopen("http://127.0.0.1:%d/readyz" % own.ports["http"], timeout=20) as answer:
                self.assertEqual(answer.read(), b"ready\n")
        finally:
            own.stop()
            own.remove()


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except OSError:  # a worker that is just dying
            pass
        if time.monotonic() > deadline:
            raise AssertionError("not in time")
        time.sleep(0.1)
