"""The gateway under test, and the oracle: what a mailbox holds, asked with Python's own IMAP client."""
import contextlib
import email.message
import imaplib
import json
import os
import poplib
import shutil
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
import uuid

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ.get("POSTERN_BINARY", os.path.join(ROOT, "build", "release", "postern"))
SHORT = False  # set by run


def insecure_context():
    """The demo's certificate is self-signed."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def free_port_base():
    """A base N such that N+24 … N+995 are free."""
    for base in range(20000, 60000, 1000):
        with contextlib.ExitStack() as stack:
            try:
                for offset in (24, 80, 110, 143, 443, 465, 587, 993, 995):
                    probe = stack.enter_context(socket.socket())
                    probe.bind(("127.0.0.1", base + offset))
            except OSError:
                continue
            return base
    raise RuntimeError("no free ports")


class Gateway:
    """One `postern demo`, detached. `settings` are of its environment: {"POSTERN_ACTIVESYNC_ENABLED": "false"}."""

    def __init__(self, settings=None):
        self.settings = settings or {}
        self.home = tempfile.mkdtemp(prefix="postern-e2e-")
        os.chmod(self.home, 0o711)  # the embedded PostgreSQL runs as another user
        self.data = os.path.join(self.home, "data")
        self.base = free_port_base()
        self.passwords = {}
        self.start()

    def start(self):
        command = [BINARY, "demo", "--data", self.data, "--output", "json", "--detach"]
        if not os.path.exists(self.config):  # later starts keep what a test has written there
            command += ["--port-base", str(self.base)]
        environment = dict(os.environ, POSTERN_SUBMISSION_AUTH_SOCKET=self.auth_socket, **self.settings)
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)
        if done.returncode != 0:
            raise RuntimeError("postern demo failed: " + done.stdout + done.stderr)
        facts = json.loads(done.stdout)
        self.ports = facts["ports"]
        self.pid = facts["pid"]
        self.passwords.update({a["address"]: a["password"] for a in facts["accounts"]})

    def stop(self):
        subprocess.run([BINARY, "stop", "--data", self.data], capture_output=True, timeout=90, check=True)

    def remove(self):
        shutil.rmtree(self.home, ignore_errors=True)

    def workers(self):
        """The processes that serve."""
        with open("/proc/%d/task/%d/children" % (self.pid, self.pid), encoding="ascii") as file:
            children = [int(pid) for pid in file.read().split()]
        found = []
        for pid in children:
            with open("/proc/%d/cmdline" % pid, "rb") as file:
                if b"\0worker" in file.read():
                    found.append(pid)
        assert found, "a gateway without workers"
        return found

    def wait_until_sent(self, seconds=60):
        """Nothing is left in the outbox."""
        deadline = time.monotonic() + seconds
        while True:
            queue = json.loads(self.command("queue", "list", "--output", "json").stdout)
            if not queue:
                return
            if time.monotonic() > deadline:
                raise AssertionError("still queued: %r" % queue)
            time.sleep(0.2)

    @property
    def auth_socket(self):
        """Where Postfix may ask for passwords."""
        return os.path.join(self.home, "auth")

    @property
    def config(self):
        return os.path.join(self.data, "postern.yaml")

    @property
    def certificate(self):
        """PEM file of the certificate the gateway shows."""
        path = os.path.join(self.home, "shown.pem")
        if not os.path.exists(path):
            pem = ssl.get_server_certificate(("127.0.0.1", self.ports["imaps"]))
            with open(path, "w", encoding="ascii") as file:
                file.write(pem)
        return path

    def command(self, *arguments, **options):
        """A command line call on the running gateway."""
        return subprocess.run([BINARY, *arguments, "--config", self.config], capture_output=True, text=True,
                              timeout=60, check=True, **options)

    def new_account(self, name=None):
        """A fresh account, so that tests do not see each other's mail: (address, password)."""
        address = (name or "u" + uuid.uuid4().hex[:12]) + "@example.test"
        password = uuid.uuid4().hex
        self.command("account", "add", address, "--password-stdin", input=password + "\n")
        self.passwords[address] = password
        return address, password

    def imap(self, address):
        client = imaplib.IMAP4_SSL("127.0.0.1", self.ports["imaps"], ssl_context=insecure_context(), timeout=30)
        client.login(address, self.passwords[address])
        return client

    def pop3(self, address):
        client = poplib.POP3_SSL("127.0.0.1", self.ports["pop3s"], context=insecure_context(), timeout=30)
        client.user(address)
        client.pass_(self.passwords[address])
        return client

    def deliver(self, *recipients, octets=None, subject="hello", body="Hello.\r\n"):
        """By LMTP; returns the Message-ID."""
        message_id = "<" + uuid.uuid4().hex + "@e2e.example>"
        if octets is None:
            octets = simple_message(subject, body, message_id, recipients[0])
        with smtplib.LMTP("127.0.0.1", self.ports["lmtp"]) as client:
            client.sendmail("sender@example.org", list(recipients), octets)
        return message_id


def simple_message(subject, body, message_id, recipient):
    message = email.message.EmailMessage()
    message["From"] = "Sender <sender@example.org>"
    message["To"] = recipient
    message["Subject"] = subject
    message["Message-ID"] = message_id
    message["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    message.set_content(body)
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


_shared = None


def shared():
    global _shared
    if _shared is None:
        _shared = Gateway()
    return _shared


def stop_shared():
    global _shared
    if _shared is not None:
        _shared.stop()
        _shared.remove()
        _shared = None


class MailCase(unittest.TestCase):
    """A test with an account of its own and a scratch directory."""

    def find_gateway(self):
        return shared()

    def setUp(self):
        self.gateway = self.find_gateway()
        self.address, self.password = self.gateway.new_account()
        self.home = tempfile.mkdtemp(prefix="postern-client-")
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.home, *parts)

    def write(self, name, text, mode=0o600):
        path = self.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def run_client(self, *command, timeout=60, env=None, expect=0, **options):
        environment = dict(os.environ, HOME=self.home, LC_ALL="C.UTF-8", **(env or {}))
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, env=environment,
                              check=False, cwd=self.home, **options)
        self.assertEqual(done.returncode, expect, " ".join(command) + "\n" + done.stdout + done.stderr)
        return done.stdout

    def messages(self, mailbox="INBOX"):
        """[(flags, octets)] by UID, as the store has them."""
        client = self.gateway.imap(self.address)
        try:
            status, _ = client.select('"' + mailbox + '"', readonly=True)
            self.assertEqual(status, "OK")
            _, answer = client.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[])")
            found = []
            for item in answer:
                if isinstance(item, tuple):
                    flags = imaplib.ParseFlags(item[0])
                    found.append(({flag.decode() for flag in flags} - {"\\Recent"}, item[1]))
            return found
        finally:
            client.logout()

    def subjects(self, mailbox="INBOX"):
        parsed = [email.message_from_bytes(octets) for _, octets in self.messages(mailbox)]
        return sorted(message["Subject"] for message in parsed)

    def append(self, subject, mailbox="INBOX", flags=""):
        client = self.gateway.imap(self.address)
        octets = simple_message(subject, "Body of " + subject + "\r\n", "<" + uuid.uuid4().hex + "@e2e>", self.address)
        status, answer = client.append('"' + mailbox + '"', flags, imaplib.Time2Internaldate(time.time()), octets)
        self.assertEqual(status, "OK", answer)
        client.logout()
        return octets

    def store(self, subject, flags, mailbox="INBOX", expunge=False):
        """Changes one message the way another client would."""
        client = self.gateway.imap(self.address)
        client.select('"' + mailbox + '"')
        _, found = client.uid("SEARCH", "SUBJECT", '"' + subject + '"')
        client.uid("STORE", found[0].split()[0].decode(), "+FLAGS", flags)
        if expunge:
            client.expunge()
        client.logout()
