"""A whole installation comes back from its repository into an empty database, and mbsync sees nothing new."""
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import unittest

import gateway
from gateway import MailCase

SYNCRC = """IMAPAccount all
Host 127.0.0.1
Port {port}
User {user}
Pass {password}
SSLType None
AuthMechs LOGIN

IMAPStore far
Account all

MaildirStore near
Path {home}/mail/
Inbox {home}/mail/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Near
Sync Pull
SyncState *
"""


class Empty:
    """A server on an empty data directory, with another one's settings and ports of its own."""

    def __init__(self, like, home):
        self.ports = dict(like.ports)
        with open(like.config, encoding="utf-8") as file:
            text = file.read().replace(like.data, os.path.join(home, "empty"))
        for name, port in like.ports.items():
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.ports[name] = probe.getsockname()[1]
            text = re.sub(r"\b%d\b" % port, str(self.ports[name]), text)
        shutil.copytree(like.data, os.path.join(home, "empty"), ignore=shutil.ignore_patterns("postgres*", "*.pid", "*.sock"))
        self.config = os.path.join(home, "empty", "postern.yaml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text)
        self.process = None

    def start(self):
        self.process = subprocess.Popen([gateway.BINARY, "serve", "--config", self.config])
        given_up = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.ports["imap"])).close()
                return
            except OSError:
                if time.monotonic() > given_up or self.process.poll() is not None:
                    raise
                time.sleep(0.1)

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
            self.process = None


@unittest.skipUnless(shutil.which("mbsync"), "mbsync")
class Everything(MailCase):
    def find_gateway(self):
        own = gateway.Gateway()
        self.addCleanup(own.remove)
        self.addCleanup(own.stop)
        return own

    def mbsync(self, server):
        rc = self.write("mbsyncrc", SYNCRC.format(port=server.ports["imap"], user=self.address, password=self.password,
                                                  home=self.home))
        os.makedirs(self.path("mail"), exist_ok=True)
        done = subprocess.run(["mbsync", "-c", rc, "-V", "all"], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def files(self):
        """The mail that mbsync has, by the names that it gave: they have its UIDs."""
        return sorted(os.path.join(folder, name) for folder, _, names in os.walk(self.path("mail")) for name in names
                      if os.path.basename(folder) in ("cur", "new"))

    def command(self, server, *arguments):
        environment = dict(os.environ, POSTERN_BACKUP_DIRECTORY=self.path("repository"),
                           POSTERN_BACKUP_KEY_FILE=self.key)
        done = subprocess.run([gateway.BINARY, *arguments, "--config", server.config, "--output", "json"],
                              capture_output=True, text=True, timeout=300, check=False, env=environment)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def check_the_words_of_the_document(self, evening):
        """What docs/backup.md says opens a file without Postern."""
        if importlib.util.find_spec("cryptography") is None:
            return
        with open(os.path.join(gateway.ROOT, "docs", "backup.md"), encoding="utf-8") as file:
            program = file.read().partition("```python\n")[2].partition("```")[0]
        done = subprocess.run([sys.executable, "-c", program, self.key, "evenings/%s.json" % evening["evening"]],
                              cwd=self.path("repository"), capture_output=True, timeout=60, check=True)
        self.assertIn(self.address, [account["address"] for account in json.loads(done.stdout)["accounts"]])

    def test_mbsync_sees_nothing_new(self):
        self.key = self.write("key", "5c" * 32 + "\n")
        client = self.gateway.imap(self.address)
        client.create("Projects/Bridge")
        client.logout()
        for number in range(20):
            self.append("m%d" % number, "INBOX" if number % 3 else "Projects/Bridge", r"(\Seen)" if number % 2 else "()")
        self.store("m5", r"(\Deleted)", expunge=True)
        self.mbsync(self.gateway)
        before = self.files()
        self.assertEqual(len(before), 19)
        evening = self.command(self.gateway, "backup", "run")
        self.assertEqual(evening["failed"], [])

        self.check_the_words_of_the_document(evening)

        fresh = Empty(self.gateway, self.home)
        self.addCleanup(fresh.stop)
        os.chmod(self.home, 0o711)
        report = self.command(fresh, "backup", "restore-all", "--evening", evening["evening"])
        self.assertEqual((report["refused"], report["broken"]), ([], []))
        self.assertEqual(report["messages"], evening["messages"])
        self.command(fresh, "backup", "adopt")
        fresh.start()
        said = self.mbsync(fresh)
        self.assertEqual(self.files(), before, said)
        # And it goes on: what comes now is loaded, once.
        gateway.Gateway.deliver(fresh, self.address, subject="afterwards")
        self.mbsync(fresh)
        after = self.files()
        self.assertEqual(len(after), 20)
        self.assertEqual([path for path in before if path not in after], [])


if __name__ == "__main__":
    unittest.main()
