"""Mail going out: real clients write to other accounts through the submission door, the outbox and the relay."""
import email
import json
import os
import signal
import smtplib
import time
import unittest
import uuid

import gateway
import smarthost
from gateway import MailCase, insecure_context, simple_message


class SubmissionCase(MailCase):
    def setUp(self):
        super().setUp()
        self.sender, self.sender_password = self.gateway.new_account()

    def wait_for(self, count, seconds=30):
        deadline = time.monotonic() + seconds
        while len(self.messages()) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        found = [email.message_from_bytes(octets) for _, octets in self.messages()]
        self.assertEqual(len(found), count)
        return found

    def letter(self, subject="hello", body="Hello.\n.leading dot\n"):
        message = email.message.EmailMessage()
        message["From"] = self.sender
        message["To"] = self.address
        message["Bcc"] = "hidden@example.test"
        message["Subject"] = subject
        message.set_content(body)
        return message


class Clients(SubmissionCase):
    def test_smtplib_tls(self):
        with smtplib.SMTP_SSL("127.0.0.1", self.gateway.ports["submissions"], context=insecure_context()) as client:
            client.login(self.sender, self.sender_password)
            began = time.monotonic()
            client.sendmail(self.sender, [self.address], self.letter().as_bytes(policy=email.policy.SMTP))
            found = self.wait_for(1)[0]
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(found["Subject"], "hello")
        self.assertIsNone(found["Bcc"])
        self.assertIsNotNone(found["Message-ID"])
        self.assertIsNotNone(found["Date"])
        self.assertIn(".leading dot", found.get_payload())

    def test_smtplib_starttls_and_refusals(self):
        with smtplib.SMTP("127.0.0.1", self.gateway.ports["submission"]) as client:
            client.starttls(context=insecure_context())
            with self.assertRaises(smtplib.SMTPSenderRefused):
                client.sendmail(self.sender, [self.address], b"Subject: x\r\n\r\n")
            client.login(self.sender, self.sender_password)
            with self.assertRaises(smtplib.SMTPSenderRefused):
                client.sendmail(self.address, [self.sender], b"Subject: x\r\n\r\n")
            with self.assertRaises(smtplib.SMTPDataError):
                client.sendmail(self.sender, [self.address], b"From: " + self.address.encode() + b"\r\n\r\n")
            client.sendmail(self.sender, [self.address], b"Subject: accepted\r\n\r\n")
        self.assertEqual(self.wait_for(1)[0]["Subject"], "accepted")

    def test_curl(self):
        letter = self.write("letter.eml", self.letter("by curl").as_string())
        self.run_client("curl", "-sSk", "--crlf", "smtps://127.0.0.1:%d" % self.gateway.ports["submissions"], "--user",
                        self.sender + ":" + self.sender_password, "--mail-from", self.sender, "--mail-rcpt",
                        self.address, "-T", letter)
        self.assertEqual(self.wait_for(1)[0]["Subject"], "by curl")

    def test_swaks(self):
        self.run_client("swaks", "--server", "127.0.0.1", "--port", str(self.gateway.ports["submission"]), "--tls",
                        "--auth", "LOGIN", "--auth-user", self.sender, "--auth-password", self.sender_password,
                        "--from", self.sender, "--to", self.address, "--header", "Subject: by swaks", "--body", "Hi.\n")
        self.assertEqual(self.wait_for(1)[0]["Subject"], "by swaks")

    def test_msmtp(self):
        config = self.write("msmtprc", "account default\nhost 127.0.0.1\nport %d\ntls on\ntls_starttls off\n"
                            "tls_certcheck off\nauth scram-sha-256\nuser %s\npassword %s\nfrom %s\n" %
                            (self.gateway.ports["submissions"], self.sender, self.sender_password, self.sender))
        self.run_client("msmtp", "-C", config, self.address, input=self.letter("by msmtp").as_string())
        self.assertEqual(self.wait_for(1)[0]["Subject"], "by msmtp")

    def test_unknown_recipient_comes_back(self):
        unknown = "nobody-" + uuid.uuid4().hex[:8] + "@example.test"
        with smtplib.SMTP_SSL("127.0.0.1", self.gateway.ports["submissions"], context=insecure_context()) as client:
            client.login(self.address, self.password)
            client.sendmail(self.address, [unknown], b"Subject: lost\r\n\r\n")
        report = self.wait_for(1)[0]
        self.assertEqual(report.get_content_type(), "multipart/report")
        status = report.get_payload()[1].get_payload()
        self.assertEqual(status[1]["Action"], "failed")
        self.assertEqual(status[1]["Status"], "5.1.1")


class Relay(unittest.TestCase):
    """A gateway of its own, whose smarthost and itself are killed and started again."""

    def setUp(self):
        self.gateway = gateway.Gateway()
        self.addCleanup(self.gateway.remove)
        self.addCleanup(self.gateway.stop)
        self.smarthost = smarthost.Smarthost()
        self.addCleanup(lambda: self.smarthost.stop())
        self.gateway.stop()
        smarthost.use(self.gateway, self.smarthost)
        self.gateway.start()
        self.sender, self.password = self.gateway.new_account()

    def send(self, *subjects):
        with smtplib.SMTP_SSL("127.0.0.1", self.gateway.ports["submissions"], context=insecure_context()) as client:
            client.login(self.sender, self.password)
            for subject in subjects:
                octets = simple_message(subject, "Hello.\r\n", "<" + uuid.uuid4().hex + "@e2e>", "x@example.org")
                octets = octets.replace(b"From: Sender <sender@example.org>", b"From: " + self.sender.encode())
                client.sendmail(self.sender, ["x@example.org"], octets)

    def test_smarthost_and_gateway_die(self):
        port = self.smarthost.server_address[1]
        self.send("one", "two")
        self.gateway.wait_until_sent()
        taken = self.smarthost.taken
        self.smarthost.stop()
        self.send("three", "four")
        time.sleep(1)
        listed = json.loads(self.gateway.command("queue", "list", "--output", "json").stdout)
        self.assertEqual(len(listed), 2)
        self.assertEqual(listed[0]["from"], self.sender)
        # The workers die with mail that is acknowledged and not yet sent; the supervisor starts others.
        for worker in self.gateway.workers():
            os.kill(worker, signal.SIGKILL)
        self.smarthost = smarthost.Smarthost(port)
        self.smarthost.taken = taken
        self.gateway.wait_until_sent()
        self.assertEqual(sorted(self.smarthost.taken), ["four", "one", "three", "two"])
        shown = self.gateway.command("queue", "show", str(listed[0]["id"])).stdout
        self.assertIn("delivered", shown)

    def test_drop(self):
        self.smarthost.stop()
        self.send("given up")
        listed = json.loads(self.gateway.command("queue", "list", "--output", "json").stdout)
        for _ in range(100):
            if listed and listed[0]["state"] == "waiting":
                break
            time.sleep(0.1)
            listed = json.loads(self.gateway.command("queue", "list", "--output", "json").stdout)
        self.gateway.command("queue", "drop", str(listed[0]["id"]))
        self.gateway.wait_until_sent(5)
        self.assertEqual(self.smarthost.taken, [])
