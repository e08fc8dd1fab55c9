"""Ten thousand accounts out of a file, twice, as a provider moves in; with a terminal there is a bar."""
import json
import os
import pty
import select
import subprocess
import time
import unittest

import gateway
from gateway import BINARY

# Of some password, as another server kept it.
HASH = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.pIKrLVkBX9/OvQMSygY1pWEVn72t6na"


class Bulk(unittest.TestCase):
    def setUp(self):
        self.gateway = gateway.shared()
        self.count = 500 if gateway.SHORT else 10_000

    def write(self, name, text):
        path = os.path.join(self.gateway.home, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.addCleanup(os.unlink, path)
        return path

    def timed(self, *words):
        began = time.monotonic()
        done = subprocess.run([BINARY, *words, "--output", "json", "--config", self.gateway.config],
                              capture_output=True, text=True, timeout=900, check=True)
        print("%s: %d accounts in %.1f s" % (" ".join(words[:2]), self.count, time.monotonic() - began))
        return json.loads(done.stdout)

    def test_by_csv_and_then_by_apply(self):
        self.gateway.command("domain", "add", "moving.test")
        rows = ["u%d@moving.test,%s,User %d,%s" % (i, HASH, i, "true" if i % 2 else "") for i in range(self.count)]
        path = self.write("people.csv", "address,password_hash,name,mobile_sync\n" + "\n".join(rows) + "\n")
        self.assertEqual(self.timed("account", "import", path),
                         {"steps": self.count, "done": self.count, "failed": 0, "unchanged": 0})
        # The same as YAML changes nothing, but for the one who has another name now.
        entries = ["- {address: u%d@moving.test, name: User %d}" % (i, i) for i in range(1, self.count)]
        path = self.write("people.yaml", "accounts:\n- {address: u0@moving.test, name: Zoe}\n" + "\n".join(entries) + "\n")
        self.assertEqual(self.timed("apply", "-f", path),
                         {"steps": 1, "done": 1, "failed": 0, "unchanged": self.count - 1})
        self.assertEqual(self.timed("account", "show", "u0@moving.test")["name"], "Zoe")

    def test_a_bar_on_a_terminal(self):
        self.gateway.command("domain", "add", "bar.test")
        path = self.write("bar.csv", "address,password_hash\n" + "".join("b%d@bar.test,%s\n" % (i, HASH)
                                                                          for i in range(300)))
        ours, theirs = pty.openpty()
        running = subprocess.Popen([BINARY, "account", "import", path, "--config", self.gateway.config],
                                   stdout=subprocess.DEVNULL, stderr=theirs)
        os.close(theirs)
        shown = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                shown += os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
        self.assertEqual(running.wait(60), 0)
        os.close(ours)
        self.assertIn(b"Applying [", shown)
        self.assertTrue(shown.endswith(b"\r\x1b[K"), "the bar is taken away")
