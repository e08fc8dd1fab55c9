"""The scripted phone (tests/phone) against the gateway, and what it believes beside what IMAP shows."""
import imaplib
import json
import os
import re
import subprocess

import gateway
from gateway import MailCase

PROGRAM = os.environ.get("POSTERN_PHONE", os.path.join(os.path.dirname(gateway.BINARY), "tests", "postern_phone"))
PROFILES = ("ios", "gmail", "outlook", "nine")
VERSIONS = ("12.1", "14.0", "14.1", "16.0", "16.1")
REFUSED = 3  # exit status: the server does not want this phone
FLAGGED = 2
INBOX, MAIL_TYPES = 2, (2, 3, 4, 5, 6, 12)


class PhoneCase(MailCase):
    """A test with an account that may synchronise."""

    def setUp(self):
        super().setUp()
        self.gateway.command("feature", "enable", "mobile_sync", self.address)

    def phone_command(self, *steps, profile="ios", version="16.1", name="", options=(), of=None):
        """The command line, and the file that keeps what the phone knows from run to run."""
        address, password = of or (self.address, self.password)
        device = name or profile + version.replace(".", "")
        state = self.path(device + ".json")
        ports = self.gateway.ports
        command = [PROGRAM, "--server", "127.0.0.1:%d" % ports["https"], "--tls", "--lmtp",
                   "127.0.0.1:%d" % ports["lmtp"], "--user", address, "--password", password, "--profile", profile,
                   "--version", version, "--device", device, "--state", state, *options, *steps]
        return command, state

    def phone(self, *steps, timeout=120, expect=0, **which):
        """Runs steps of a phone; gives what it then believes, unless it is refused."""
        command, state = self.phone_command(*steps, **which)
        self.run_client(*command, timeout=timeout, expect=expect)
        if expect != 0:
            return None
        with open(state, encoding="utf-8") as file:
            return json.load(file)

    def waiting_phone(self, *steps, **which):
        """One that has synchronised and now waits for news."""
        command, _ = self.phone_command("options", "folders", "sync", "wait", *steps, **which)
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.readline(), "waiting\n", "the phone has not come to wait")
        return process

    def believed(self, state):
        """{folder: sorted [(subject, seen, flagged)]} of a phone."""
        folders = {folder["id"]: folder for folder in state["folders"].values()}

        def path(folder):
            parent = folders.get(folder["parent"])
            return (path(parent) + "/" if parent else "") + folder["name"]

        found = {}
        for folder in folders.values():
            if folder["type"] in MAIL_TYPES:
                items = folder["items"].values()
                found[path(folder)] = sorted((i["subject"], i["read"], i["flag"] == FLAGGED) for i in items)
        return found

    def shown(self, of=None):
        """The same by IMAP."""
        client = self.gateway.imap(of or self.address)
        found = {}
        for line in client.list()[1]:
            name = re.search(rb'"/" "?([^"]*)"?$', line).group(1).decode()
            client.select('"' + name + '"', readonly=True)
            found[name] = []
            _, answer = client.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
            for item in answer:
                if isinstance(item, tuple):
                    flags = imaplib.ParseFlags(item[0])
                    subject = item[1].decode().partition(":")[2].replace("\r\n", "").strip()
                    found[name].append((subject, b"\\Seen" in flags, b"\\Flagged" in flags))
            found[name].sort()
        client.logout()
        return found

    def assert_consistent(self, state):
        """The phone believes what IMAP shows."""
        self.maxDiff = None
        self.assertEqual(self.believed(state), self.shown())
