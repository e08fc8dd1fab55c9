"""A real Postfix of its own, handing mail over by LMTP: accepts by SMTP, retries while the gateway is away."""
import os
import pwd
import smtplib
import socket
import subprocess
import time
import unittest

from gateway import MailCase, simple_message

MAIN_CF = """compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/lib
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {home}/maillog
maillog_file_prefixes = {home}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = example.test
virtual_mailbox_maps =
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
smtpd_recipient_restrictions = permit_mynetworks, reject
mynetworks = 127.0.0.0/8
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
alias_maps =
alias_database =
local_recipient_maps =
"""
MASTER_CF = """127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
showq unix n - n - - showq
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


@unittest.skipUnless(os.geteuid() == 0, "Postfix's master runs as root only")
class Postfix(MailCase):
    def setUp(self):
        super().setUp()
        os.chmod(self.home, 0o755)
        probe = socket.socket()
        probe.bind(("127.0.0.1", 0))
        self.port = probe.getsockname()[1]
        probe.close()
        etc = self.path("etc")
        os.makedirs(etc)
        for name in ("spool", "lib"):
            os.makedirs(self.path(name))
        os.chown(self.path("lib"), pwd.getpwnam("postfix").pw_uid, -1)
        values = {"home": self.home, "lmtp": self.gateway.ports["lmtp"], "smtp": self.port}
        for name, text in (("main.cf", MAIN_CF), ("master.cf", MASTER_CF)):
            with open(os.path.join(etc, name), "w", encoding="ascii") as file:
                file.write(text.format(**values))
        self.postfix("start")
        self.addCleanup(self.postfix, "stop")

    def postfix(self, verb):
        # -c names a private configuration; MAIL_CONFIG lets the tools accept it without the system's main.cf.
        # The daemons keep what they inherit: a pipe would never end.
        with open(self.path("postfix-" + verb), "w", encoding="utf-8") as said:
            subprocess.run(["postfix", "-c", self.path("etc"), verb], check=True, stdin=subprocess.DEVNULL, stdout=said,
                           stderr=said, timeout=60, env=dict(os.environ, MAIL_CONFIG=self.path("etc")))

    def connect(self):
        for attempt in range(50):
            try:
                return smtplib.SMTP("127.0.0.1", self.port, timeout=30)
            except OSError:
                time.sleep(0.2)
        return self.fail("Postfix does not listen")

    def submit(self, count):
        with self.connect() as client:
            for number in range(count):
                octets = simple_message("through postfix %d" % number, "Hello.\r\n.dot\r\n", "<%d@mx>" % number, self.address)
                client.sendmail("sender@example.org", [self.address], octets)

    def wait_for(self, count, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if len(self.messages()) >= count:
                break
            time.sleep(0.5)
        log = self.path("maillog")
        tail = open(log, encoding="utf-8").read()[-3000:] if os.path.exists(log) else ""
        self.assertEqual(self.subjects(), sorted("through postfix %d" % n for n in range(count)), tail)

    def test_asks_for_passwords(self):
        """smtpd_sasl_type = dovecot, on our socket."""
        self.postfix("stop")
        with open(self.path("etc", "main.cf"), "a", encoding="ascii") as file:
            file.write("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = %s\n"
                       "smtpd_sasl_security_options = noanonymous\n"
                       "smtpd_recipient_restrictions = permit_sasl_authenticated, reject\n" % self.gateway.auth_socket)
        self.postfix("start")
        with self.connect() as client:
            client.ehlo()
            self.assertEqual(set(client.esmtp_features["auth"].split()), {"PLAIN", "LOGIN", "SCRAM-SHA-256"})
            with self.assertRaises(smtplib.SMTPAuthenticationError):
                client.login(self.address, "wrong")
            client.user, client.password = self.address, self.password
            client.auth("PLAIN", client.auth_plain)
        with self.connect() as client:
            client.ehlo()
            client.user, client.password = self.address, self.password
            client.auth("LOGIN", client.auth_login)
            octets = simple_message("through postfix 0", "Hello.\r\n", "<0@mx>", self.address)
            client.sendmail(self.address, [self.address], octets)
        config = self.write("msmtprc", "account default\nhost 127.0.0.1\nport %d\ntls off\nauth scram-sha-256\n"
                            "user %s\npassword %s\nfrom %s\n" % (self.port, self.address, self.password, self.address))
        self.run_client("msmtp", "-C", config, self.address, input="Subject: through postfix 1\n\nHello.\n")
        self.wait_for(2)
        self.gateway.command("feature", "disable", "submission", self.address)
        with self.connect() as client:
            client.ehlo()
            with self.assertRaises(smtplib.SMTPAuthenticationError):
                client.login(self.address, self.password)

    def test_delivers(self):
        self.submit(20)
        self.wait_for(20)
        self.assertIn(b"\r\n.dot\r\n", self.messages()[0][1])

    def test_retries_while_the_gateway_is_away(self):
        self.gateway.stop()
        try:
            self.submit(5)
            time.sleep(2)
        finally:
            self.gateway.start()
        self.wait_for(5)
