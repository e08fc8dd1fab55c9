"""Moving in from a real Dovecot's Maildir without a client noticing, and out again; and what full mailboxes hear."""
import email
import imaplib
import json
import os
import re
import shutil
import subprocess
import time
import unittest

import gateway
from gateway import MailCase

DOVEADM = shutil.which("doveadm")


@unittest.skipUnless(DOVEADM and os.geteuid() == 0, "doveadm, as somebody else")
class FromDovecot(MailCase):
    def setUp(self):
        super().setUp()
        os.chmod(self.home, 0o711)
        self.dovecot = self.path("dovecot")
        os.makedirs(self.dovecot)
        self.maildir = os.path.join(self.dovecot, "Maildir")
        self.config = self.write("dovecot.conf", """base_dir = %(d)s/run
state_dir = %(d)s/run
mail_home = %(d)s
mail_location = maildir:%(d)s/Maildir
mail_uid = nobody
mail_gid = nogroup
first_valid_gid = 0
log_path = %(d)s/log
ssl = no
protocols =
namespace inbox {
  inbox = yes
}
""" % {"d": self.dovecot}, 0o644)
        shutil.chown(self.dovecot, "nobody")

    def doveadm(self, *arguments, octets=None):
        done = subprocess.run([DOVEADM, "-c", self.config, *arguments], input=octets, capture_output=True, check=False,
                              user="nobody", group="nogroup", extra_groups=[], env={"HOME": self.dovecot, "USER": "nobody"}, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()

    def save(self, subject, mailbox="INBOX"):
        octets = gateway.simple_message(subject, "Body of " + subject + "\r\n", "<%s@d>" % subject, self.address)
        self.doveadm("save", "-m", mailbox, octets=octets)

    def seen_by(self, client, mailbox):
        """(UIDVALIDITY, {uid: (flags, octets)})"""
        self.assertEqual(client.select(mailbox, readonly=True)[0], "OK")
        validity = client.response("UIDVALIDITY")[1][0]
        found = {}
        for item in client.uid("FETCH", "1:*", "(UID FLAGS INTERNALDATE BODY.PEEK[])")[1]:
            if isinstance(item, tuple):
                uid = int(re.search(rb"UID (\d+)", item[0]).group(1))
                flags = {flag.decode() for flag in imaplib.ParseFlags(item[0])} - {"\\Recent"}
                found[uid] = (flags, item[1])
        return validity.decode(), found

    def there(self, mailbox):
        """The same, as Dovecot tells it."""
        text = self.doveadm("-f", "json", "fetch", "uid flags text", "mailbox", mailbox, "ALL")
        found = {}
        for record in json.loads(text):
            flags = set(record["flags"].split()) - {"\\Recent"}
            found[int(record["uid"])] = (flags, record["text"].replace("\r\n", "\n").replace("\n", "\r\n").encode())
        status = self.doveadm("-f", "json", "mailbox", "status", "uidvalidity", mailbox)
        return json.loads(status)[0]["uidvalidity"], found

    def test_uids_flags_and_octets_stay(self):
        for number in range(12):
            self.save("m%d" % number)
        self.doveadm("flags", "add", "\\Seen $Work", "mailbox", "INBOX", "SUBJECT", "m3")
        self.doveadm("flags", "add", "\\Flagged \\Answered", "mailbox", "INBOX", "SUBJECT", "m5")
        self.doveadm("expunge", "mailbox", "INBOX", "SUBJECT", "m7")
        self.doveadm("mailbox", "create", "Projects.Bridge")
        self.save("deep", "Projects.Bridge")
        report = json.loads(self.gateway.command("import", "maildir", self.address, self.maildir, "--keep-uids",
                                                 "--uidls", "dovecot", "--output", "json").stdout)
        self.assertEqual((report["messages"], report["skipped"]), (12, 0), report)
        client = self.gateway.imap(self.address)
        self.assertEqual(self.seen_by(client, "INBOX"), self.there("INBOX"))
        self.assertEqual(self.seen_by(client, "Projects/Bridge"), self.there("Projects.Bridge"))
        client.logout()
        validity, found = self.there("INBOX")
        pop3 = self.gateway.pop3(self.address)
        uidls = [line.split()[1].decode() for line in pop3.uidl()[1]]
        pop3.quit()
        self.assertEqual(uidls, ["%08x%08x" % (uid, int(validity)) for uid in sorted(found)])
        # A second run, before the cut-over, brings what is new.
        self.save("late")
        again = json.loads(self.gateway.command("import", "maildir", self.address, self.maildir, "--keep-uids",
                                                "--output", "json").stdout)
        self.assertEqual((again["messages"], again["known"]), (1, 12))
        client = self.gateway.imap(self.address)
        self.assertEqual(self.seen_by(client, "INBOX"), self.there("INBOX"))
        client.logout()

    def test_dovecot_reads_what_goes_out(self):
        self.append("one", flags=r"(\Seen $Work)")
        self.append("two", flags=r"(\Flagged)")
        out = os.path.join(self.dovecot, "Maildir")
        self.gateway.command("export", "maildir", self.address, out)
        for directory, _, files in os.walk(out):
            shutil.chown(directory, "nobody")
            for name in files:
                shutil.chown(os.path.join(directory, name), "nobody")
        client = self.gateway.imap(self.address)
        self.assertEqual(self.there("INBOX"), self.seen_by(client, "INBOX"))
        client.logout()


class FullMailboxes(MailCase):
    def test_the_owner_hears_of_it_while_an_idle_client_watches(self):
        self.gateway.command("account", "quota", self.address, "--messages", "10")
        for number in range(8):
            self.append("m%d" % number)
        client = self.gateway.imap(self.address)
        there = int(client.select()[1][0])  # the letter may be faster
        if there < 9:
            client.send(b"i1 IDLE\r\n")
            while not client.readline().startswith(b"+"):
                pass
            client.sock.settimeout(150)  # looked for once a minute
            given_up = time.monotonic() + 150
            while not client.readline().endswith(b"9 EXISTS\r\n"):
                self.assertLess(time.monotonic(), given_up, "no letter")
            client.send(b"DONE\r\n")
        client.shutdown()
        [notice] = [email.message_from_bytes(octets) for _, octets in self.messages()
                    if b"Auto-Submitted: auto-generated" in octets]
        self.assertEqual(notice["Subject"], "Your mailbox is 80 % full")
        self.assertIn("8 messages of 10 messages", notice.get_payload())

    def test_what_a_domain_uses_is_shown(self):
        show = json.loads(self.gateway.command("quota", "show", "example.test", "--output", "json").stdout)
        self.assertEqual(show["when_full"], "settings")
        self.assertGreater(show["accounts"], 0)
        drifts = json.loads(self.gateway.command("quota", "drifts", "--output", "json").stdout)
        self.assertEqual(drifts["drifts"], [])
