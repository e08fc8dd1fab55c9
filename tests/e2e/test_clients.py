"""Mail programs that people use, each reading, changing and (where it syncs) writing mail."""
import glob
import mailbox
import os
import pty
import select
import shutil
import subprocess
import time
import unittest

import gateway
from gateway import MailCase


class Curl(MailCase):
    def test_imap(self):
        self.gateway.deliver(self.address, subject="for curl")
        url = "imaps://127.0.0.1:%d/" % self.gateway.ports["imaps"]
        login = ("--user", self.address + ":" + self.password)
        self.assertIn("* LIST", self.run_client("curl", "-sSk", *login, url))
        self.assertIn("Subject: for curl", self.run_client("curl", "-sSk", *login, url + "INBOX;UID=1"))
        letter = self.write("letter.eml", "Subject: uploaded\r\n\r\nBy curl.\r\n")
        self.run_client("curl", "-sSk", *login, url + "Sent", "-T", letter)
        self.assertEqual(self.subjects("Sent"), ["uploaded"])
        self.run_client("curl", "-sSk", *login, url + "INBOX", "-X", "STORE 1 +Flags \\Flagged")
        self.assertIn("\\Flagged", self.messages()[0][0])

    def test_imap_starttls(self):
        url = "imap://127.0.0.1:%d/INBOX" % self.gateway.ports["imap"]
        answer = self.run_client("curl", "-sSk", "--ssl-reqd", "--user", self.address + ":" + self.password, url, "-X",
                                 "EXAMINE INBOX")
        self.assertIn("0 EXISTS", answer)

    def test_pop3(self):
        self.gateway.deliver(self.address, subject="for curl")
        url = "pop3s://127.0.0.1:%d/" % self.gateway.ports["pop3s"]
        login = ("--user", self.address + ":" + self.password)
        self.assertRegex(self.run_client("curl", "-sSk", *login, url), r"1 \d+")
        self.assertIn("Subject: for curl", self.run_client("curl", "-sSk", *login, url + "1"))
        self.run_client("curl", "-sSk", *login, url + "1", "-X", "DELE", "--head")
        self.assertEqual(self.messages(), [])


class Swaks(MailCase):
    def test_lmtp(self):
        self.run_client("swaks", "--protocol", "LMTP", "--server", "127.0.0.1", "--port",
                        str(self.gateway.ports["lmtp"]), "--from", "s@example.org", "--to", self.address,
                        "--header", "Subject: by swaks", "--body", "Hello.\n.leading dot\n")
        self.assertEqual(self.subjects(), ["by swaks"])
        self.assertIn(b"\r\n.leading dot\r\n", self.messages()[0][1])

    def test_unknown_user(self):
        self.run_client("swaks", "--protocol", "LMTP", "--server", "127.0.0.1", "--port",
                        str(self.gateway.ports["lmtp"]), "--from", "s@example.org", "--to", "nobody@example.test",
                        expect=24)  # swaks: no recipient accepted


class Fetchmail(MailCase):
    def fetch(self, protocol, port, *options):
        self.write("rc", 'poll 127.0.0.1 service %d protocol %s user "%s" password "%s" ssl no sslcertck '
                         'mda "cat >> %s; echo >> %s"\n'
                   % (port, protocol, self.address, self.password, self.path("box"), self.path("box")))
        self.run_client("fetchmail", "-f", self.path("rc"), "--nosyslog", "--pidfile", self.path("pid"), "--idfile",
                        self.path("ids"), *options)
        with open(self.path("box"), encoding="utf-8") as file:
            return file.read()

    def test_pop3_keeps_then_deletes(self):
        for number in range(3):
            self.gateway.deliver(self.address, subject="mail %d" % number)
        box = self.fetch("pop3", self.gateway.ports["pop3s"], "--keep", "--uidl")
        self.assertEqual(box.count("Subject: mail"), 3)
        self.assertEqual(len(self.messages()), 3)
        self.gateway.deliver(self.address, subject="mail 3")
        box = self.fetch("pop3", self.gateway.ports["pop3s"], "--keep", "--uidl")
        self.assertEqual(box.count("Subject: mail"), 4, "UIDLs must be stable")
        self.fetch("pop3", self.gateway.ports["pop3s"], "--all", "--nokeep")
        self.assertEqual(self.messages(), [])

    def test_imap(self):
        self.gateway.deliver(self.address, subject="mail by imap")
        self.assertIn("Subject: mail by imap", self.fetch("imap", self.gateway.ports["imaps"]))
        self.assertEqual(self.messages(), [])


class Getmail(MailCase):
    def own(self):
        """getmail does not deliver as root."""
        if os.geteuid() != 0:
            return ""
        os.chmod(self.home, 0o755)
        for folder in ("maildir", "maildir/new", "maildir/cur", "maildir/tmp"):
            shutil.chown(self.path(folder), "nobody")
        return "user = nobody"

    def fetch(self, kind, port, delete):
        for part in ("new", "cur", "tmp"):
            os.makedirs(self.path("maildir", part), exist_ok=True)
        self.write("getmailrc", """[retriever]
type = %s
server = 127.0.0.1
port = %d
username = %s
password = %s
[destination]
type = Maildir
path = %s/
%s
[options]
delete = %s
read_all = false
""" % (kind, port, self.address, self.password, self.path("maildir"), self.own(), delete))
        self.run_client("getmail", "--getmaildir", self.home, "--rcfile", "getmailrc")
        return len(glob.glob(self.path("maildir", "new", "*")))

    def test_pop3(self):
        self.gateway.deliver(self.address, subject="one")
        self.gateway.deliver(self.address, subject="two")
        self.assertEqual(self.fetch("SimplePOP3SSLRetriever", self.gateway.ports["pop3s"], False), 2)
        self.assertEqual(self.fetch("SimplePOP3SSLRetriever", self.gateway.ports["pop3s"], True), 2, "seen before")
        self.assertEqual(self.messages(), [])

    def test_imap(self):
        self.gateway.deliver(self.address, subject="one")
        self.assertEqual(self.fetch("SimpleIMAPSSLRetriever", self.gateway.ports["imaps"], True), 1)
        self.assertEqual(self.messages(), [])


class Mbsync(MailCase):
    def sync(self):
        os.makedirs(self.path("mail"), exist_ok=True)
        config = self.write("mbsyncrc", """IMAPAccount gateway
Host 127.0.0.1
Port %d
User %s
Pass %s
SSLType IMAPS
CertificateFile %s
AuthMechs *

IMAPStore far
Account gateway

MaildirStore near
Path %s/
Inbox %s/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Remove Both
Expunge Both
SyncState *
""" % (self.gateway.ports["imaps"], self.address, self.password, self.gateway.certificate, self.path("mail"),
            self.path("mail")))
        return self.run_client("mbsync", "-c", config, "-a", timeout=120)

    def local(self, folder="INBOX"):
        box = mailbox.Maildir(self.path("mail", folder), create=False)
        return {message["Subject"]: message for message in box}, box

    def test_two_way(self):
        for number in range(6):
            self.append("mail %d" % number)
        self.sync()
        found, box = self.local()
        self.assertEqual(sorted(found), ["mail %d" % n for n in range(6)])

        # Changes on both sides, then one sync.
        for key, message in box.iteritems():
            if message["Subject"] == "mail 0":
                message.set_subdir("cur")
                message.set_flags("FS")
                box[key] = message
            if message["Subject"] == "mail 1":
                box.remove(key)
        new = mailbox.MaildirMessage("Subject: written offline\n\nHello.\n")
        new.set_subdir("cur")
        new.set_flags("S")
        box.add(new)
        self.store("mail 2", "(\\Seen \\Answered)")
        self.store("mail 3", "(\\Deleted)", expunge=True)
        self.append("arrived meanwhile")
        self.sync()

        want = ["arrived meanwhile", "mail 0", "mail 2", "mail 4", "mail 5", "written offline"]
        self.assertEqual(self.subjects(), want)
        found, box = self.local()
        self.assertEqual(sorted(found), want)
        self.assertEqual(set(found["mail 2"].get_flags()), {"S", "R"})
        flags = {octets.split(b"Subject: ")[1].split(b"\r")[0]: flags for flags, octets in self.messages()}
        self.assertEqual(flags[b"mail 0"], {"\\Flagged", "\\Seen"})
        self.assertEqual(flags[b"written offline"], {"\\Seen"})

        # A folder made on each side.
        client = self.gateway.imap(self.address)
        client.create("Remote")
        client.logout()
        mailbox.Maildir(self.path("mail", "Local"), create=True).add("Subject: in a new folder\n\nx\n")
        self.sync()
        self.assertEqual(self.subjects("Local"), ["in a new folder"])
        self.assertTrue(os.path.isdir(self.path("mail", "Remote")))
        self.assertNotIn("rror", self.sync())


class OfflineImap(MailCase):
    def sync(self):
        config = self.write("offlineimaprc", """[general]
accounts = gateway
metadata = %s
ui = quiet
[Account gateway]
localrepository = near
remoterepository = far
[Repository near]
type = Maildir
localfolders = %s
[Repository far]
type = IMAP
remotehost = 127.0.0.1
remoteport = %d
remoteuser = %s
remotepass = %s
ssl = yes
cert_fingerprint = %s
folderfilter = lambda name: name in ('INBOX', 'Archive')
""" % (self.path("state"), self.path("mail"), self.gateway.ports["imaps"], self.address, self.password,
            self.fingerprint()))
        self.run_client("offlineimap", "-c", config, "-o", timeout=120)

    def fingerprint(self):
        done = subprocess.run(["openssl", "x509", "-in", self.gateway.certificate, "-noout", "-fingerprint", "-sha512"],
                              capture_output=True, text=True, check=True)
        return done.stdout.split("=")[1].strip().replace(":", "").lower()

    @unittest.skipIf(gateway.SHORT, "covered by mbsync in the short run")
    def test_two_way(self):
        for number in range(4):
            self.append("mail %d" % number)
        self.sync()
        box = mailbox.Maildir(self.path("mail", "INBOX"), create=False)
        self.assertEqual(sorted(m["Subject"] for m in box), ["mail 0", "mail 1", "mail 2", "mail 3"])
        for key, message in box.iteritems():
            if message["Subject"] == "mail 0":
                box.remove(key)
            if message["Subject"] == "mail 1":
                message.set_subdir("cur")
                message.set_flags("FS")
                box[key] = message
        self.store("mail 2", "(\\Deleted)", expunge=True)
        self.append("new one")
        self.sync()
        self.assertEqual(self.subjects(), ["mail 1", "mail 3", "new one"])
        box = mailbox.Maildir(self.path("mail", "INBOX"), create=False)
        self.assertEqual(sorted(m["Subject"] for m in box), ["mail 1", "mail 3", "new one"])
        flags = {octets.split(b"Subject: ")[1].split(b"\r")[0]: flags for flags, octets in self.messages()}
        self.assertEqual(flags[b"mail 1"], {"\\Flagged", "\\Seen"})


class Mutt(MailCase):
    def drive(self, keys):
        """Runs mutt on a terminal of its own; `keys` are pushed as if typed."""
        config = self.write("muttrc", """set folder="imaps://127.0.0.1:%d/"
set spoolfile="imaps://127.0.0.1:%d/INBOX"
set imap_user="%s"
set imap_pass="%s"
set certificate_file="%s"
set ssl_verify_host=no
set ssl_verify_dates=no
set quit=yes
set delete=yes
set move=no
set confirmappend=no
set confirmcreate=no
set mark_old=no
set wait_key=no
set resolve=no
push "%s"
""" % (self.gateway.ports["imaps"], self.gateway.ports["imaps"], self.address, self.password,
            self.gateway.certificate, keys))
        child, terminal = pty.fork()
        if child == 0:
            os.environ.update(HOME=self.home, TERM="vt100", LC_ALL="C.UTF-8")
            os.execvp("mutt", ["mutt", "-n", "-F", config])
        screen = b""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            ready, _, _ = select.select([terminal], [], [], 1)
            try:
                if ready:
                    screen += os.read(terminal, 4096)
            except OSError:
                break
            if os.waitpid(child, os.WNOHANG)[0]:
                return screen
        if time.monotonic() >= deadline:
            os.kill(child, 9)
            os.waitpid(child, 0)
            self.fail("mutt did not end: " + screen[-2000:].decode(errors="replace"))
        os.waitpid(child, 0)
        return screen

    def test_flag_copy_delete(self):
        for number in range(3):
            self.append("mail %d" % number)
        self.drive("<limit>~A<enter><first-entry><flag-message><copy-message>=Archive<enter><last-entry>"
                   "<delete-message><sync-mailbox><quit>")
        self.assertEqual(self.subjects(), ["mail 0", "mail 1"])
        self.assertEqual(self.subjects("Archive"), ["mail 0"])
        self.assertIn("\\Flagged", self.messages()[0][0])
