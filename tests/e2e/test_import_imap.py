"""Moving in over IMAP from a running Dovecot, message by message, with TLS that is checked; again until the cut-over."""
import imaplib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import unittest

import gateway
from gateway import MailCase

CONFIGURATION = """base_dir = %(d)s/run
state_dir = %(d)s/run
log_path = %(d)s/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <%(d)s/server.pem
ssl_key = <%(d)s/server.key
first_valid_uid = 61001
mail_location = sdbox:~/mail
mail_plugins =
passdb {
  driver = passwd-file
  args = %(d)s/users
}
userdb {
  driver = passwd-file
  args = %(d)s/users
}
namespace inbox {
  inbox = yes
  separator = .
  mailbox "Sent Items" {
    special_use = \\Sent
    auto = create
  }
  mailbox Virtual {
    special_use = \\All
    auto = create
  }
}
service imap-login {
  inet_listener imap {
    port = %(imap)d
  }
  inet_listener imaps {
    port = %(imaps)d
    ssl = yes
  }
}
"""
USER, PASSWORD, MAIL_ID = "old@dovecot.test", "a \"quoted\" word", 61001


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@unittest.skipUnless(shutil.which("dovecot") and os.geteuid() == 0, "dovecot, as root")
class FromRunningDovecot(MailCase):
    def setUp(self):
        super().setUp()
        os.chmod(self.home, 0o711)
        self.dovecot = self.path("dovecot")
        os.makedirs(os.path.join(self.dovecot, "mail"))
        os.chown(os.path.join(self.dovecot, "mail"), MAIL_ID, MAIL_ID)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                        os.path.join(self.dovecot, "server.key"), "-out", os.path.join(self.dovecot, "server.pem")],
                       check=True, capture_output=True)
        with open(os.path.join(self.dovecot, "users"), "w", encoding="ascii") as file:
            file.write("%s:{PLAIN}%s:%d:%d::%s/mail::\n" % (USER, PASSWORD, MAIL_ID, MAIL_ID, self.dovecot))
        self.imap_port, self.imaps_port = free_port(), free_port()
        config = self.write("dovecot.conf", CONFIGURATION % {"d": self.dovecot, "imap": self.imap_port,
                                                             "imaps": self.imaps_port}, 0o644)
        self.process = subprocess.Popen(["dovecot", "-F", "-c", config], start_new_session=True)
        self.addCleanup(self.end_dovecot)
        given_up = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.imaps_port)).close()
                break
            except OSError:
                self.assertLess(time.monotonic(), given_up, "dovecot does not start")
                time.sleep(0.1)
        self.password_file = self.write("password", PASSWORD + "\n")

    def end_dovecot(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def there(self):
        client = imaplib.IMAP4_SSL("127.0.0.1", self.imaps_port, ssl_context=gateway.insecure_context(), timeout=30)
        client.login(USER, PASSWORD)
        self.addCleanup(client.shutdown)
        return client

    @staticmethod
    def seen_by(client, mailbox):
        """(UIDVALIDITY, {uid: (flags, date, octets)})"""
        assert client.select('"' + mailbox + '"', readonly=True)[0] == "OK"
        validity = client.response("UIDVALIDITY")[1][0]
        found = {}
        for item in client.uid("FETCH", "1:*", "(UID FLAGS INTERNALDATE BODY.PEEK[])")[1]:
            if isinstance(item, tuple):
                uid = int(re.search(rb"UID (\d+)", item[0]).group(1))
                flags = {flag.decode() for flag in imaplib.ParseFlags(item[0])} - {"\\Recent"}
                # A day below ten has a space or a zero before it (RFC 3501 section 9, date-day-fixed).
                date = re.search(rb'INTERNALDATE "([^"]+)"', item[0]).group(1).strip().rjust(26, b"0")
                found[uid] = (flags, date, item[1])
        return validity, found

    def bring(self, *options, expect=0, ca_file=None, host="localhost", port=None):
        done = subprocess.run(
            [gateway.BINARY, "import", "imap", self.address, "--config", self.gateway.config, "--output", "json",
             "--host", host, "--port", str(port or self.imaps_port), "--user", USER, "--password-file", self.password_file,
             "--ca-file", ca_file or os.path.join(self.dovecot, "server.pem"), *options],
            capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return json.loads(done.stdout) if expect == 0 else done.stdout + done.stderr

    def fill(self, client):
        client.create("Projects.Br&APw-cke")
        for number in range(130):
            octets = gateway.simple_message("m%d" % number, "Body %d\r\n" % number * (number + 1), "<%d@d>" % number, USER)
            mailbox = '"Sent Items"' if number % 10 == 0 else '"Projects.Br&APw-cke"' if number % 10 == 1 else "INBOX"
            flags = r"(\Seen $Work)" if number % 2 else r"(\Flagged)"
            client.append(mailbox, flags, '"%02d-Feb-2024 10:20:30 +0530"' % (number % 28 + 1), octets)
        client.append("INBOX", "", None, b"Subject: large\r\n\r\n" + b"x" * 76 * 20000 + b"\r\n")
        client.append("Virtual", "", None, b"Subject: shown twice\r\n\r\n.\r\n")
        client.select("INBOX")
        client.uid("STORE", "3,7", "+FLAGS", r"(\Deleted)")
        client.expunge()

    PLACES = {"INBOX": "INBOX", "Sent Items": "Sent", "Projects.Br&APw-cke": "Projects/Br&APw-cke"}

    def test_uids_flags_dates_and_octets_stay(self):
        there = self.there()
        self.fill(there)
        report = self.bring("--keep-uids", "--connections", "3")
        self.assertEqual((report["messages"], report["skipped"]), (129, 1), report)
        self.assertIn("Virtual", report["reasons"][0])
        here = self.gateway.imap(self.address)
        for old, new in self.PLACES.items():
            self.assertEqual(self.seen_by(here, new), self.seen_by(there, old), old)
        # Until the cut-over what is new is brought, and only that.
        there.append("INBOX", "", None, gateway.simple_message("late", "Late.\r\n", "<late@d>", USER))
        again = self.bring("--keep-uids")
        self.assertEqual((again["messages"], again["known"]), (1, 129), again)
        self.assertEqual(self.seen_by(here, "INBOX"), self.seen_by(there, "INBOX"))
        here.logout()

    def test_into_a_living_account(self):
        self.append("mine")
        there = self.there()
        self.fill(there)
        report = self.bring("--message-max", "1M")
        self.assertEqual((report["messages"], report["skipped"]), (128, 2), report)
        self.assertTrue(any("octets are too many" in reason for reason in report["reasons"]), report)
        here = self.gateway.imap(self.address)
        for old, new in self.PLACES.items():
            ours = sorted(self.seen_by(here, new)[1].values(), key=lambda one: one[2])
            theirs = sorted((one for one in self.seen_by(there, old)[1].values() if len(one[2]) < 1 << 20),
                            key=lambda one: one[2])
            if old == "INBOX":
                ours = [one for one in ours if b"Subject: mine" not in one[2]]
            self.assertEqual(ours, theirs, old)
        here.logout()

    def test_killed_in_the_midst_it_goes_on(self):
        there = self.there()
        self.fill(there)
        for delay in (0.25, 0.4, 0.6):
            process = subprocess.Popen(
                [gateway.BINARY, "import", "imap", self.address, "--config", self.gateway.config, "--host", "localhost",
                 "--port", str(self.imaps_port), "--user", USER, "--password-file", self.password_file,
                 "--ca-file", os.path.join(self.dovecot, "server.pem")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(delay)
            process.kill()
            process.wait()
        self.bring()
        here = self.gateway.imap(self.address)
        for old, new in self.PLACES.items():
            ours = sorted(self.seen_by(here, new)[1].values(), key=lambda one: one[2])
            self.assertEqual(ours, sorted(self.seen_by(there, old)[1].values(), key=lambda one: one[2]), old)
        here.logout()

    def test_starttls(self):
        self.there().append("INBOX", "", None, b"Subject: one\r\n\r\n.\r\n")
        self.assertEqual(self.bring("--tls", "starttls", port=self.imap_port)["messages"], 1)

    def test_nobody_else_is_believed(self):
        said = self.bring(ca_file=self.gateway.certificate, expect=1)
        self.assertIn("certificate", said)
        said = self.bring(host="127.0.0.1", expect=1)
        self.assertIn("certificate", said)
        self.write("password", "wrong\n")
        self.assertIn("refuses the log-in", self.bring(expect=1))


if __name__ == "__main__":
    unittest.main()
