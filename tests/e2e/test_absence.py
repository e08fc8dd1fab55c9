"""A phone takes over its policy, says that its user is away, and who writes is answered: once, and not if it is a
list."""
import base64
import email
import http.client
import re
import smtplib
import time
import unittest

from gateway import MailCase, insecure_context

HEAD = b"\x03\x01\x6a\x00"
POLICY_TYPE = b"\x48\x03MS-EAS-Provisioning-WBXML\x00\x01"


def text(token, value):
    return bytes([token | 0x40]) + b"\x03" + value.encode() + b"\x00\x01"


class Phone:
    def __init__(self, gateway, address):
        self.gateway = gateway
        self.address = address
        self.policy_key = "0"

    def ask(self, command, wbxml):
        connection = http.client.HTTPSConnection("127.0.0.1", self.gateway.ports["https"], context=insecure_context())
        secret = base64.b64encode(f"{self.address}:{self.gateway.passwords[self.address]}".encode()).decode()
        connection.request(
            "POST", f"/Microsoft-Server-ActiveSync?Cmd={command}&User=x&DeviceId=e2ephone&DeviceType=E2E",
            HEAD + wbxml,
            {"Authorization": "Basic " + secret, "MS-ASProtocolVersion": "14.0", "X-MS-PolicyKey": self.policy_key,
             "Content-Type": "application/vnd.ms-sync.wbxml"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    def provision(self):
        """Both phases."""
        for more in ("", "1"):
            acknowledgement = text(0x09, self.policy_key) + text(0x0B, "1") if more else b""
            status, body = self.ask("Provision",
                                    b"\x00\x0e\x45\x46\x47" + POLICY_TYPE + acknowledgement + b"\x01\x01\x01")
            assert status == 200, status
            self.policy_key = re.search(rb"\x49\x03(\d+)\x00", body)[1].decode()

    def set_away(self, reply):
        messages = b"".join(
            b"\x4d" + bytes([audience]) + text(0x11, "1") + text(0x12, reply) + text(0x13, "Text") + b"\x01"
            for audience in (0x0E, 0x0F, 0x10))
        return self.ask("Settings", b"\x00\x12\x45\x49\x48" + text(0x0A, "1") + messages + b"\x01\x01\x01")


class Absence(MailCase):
    def test_who_writes_is_answered_once(self):
        away, _ = self.gateway.new_account()
        self.gateway.command("feature", "enable", "mobile_sync", away)
        phone = Phone(self.gateway, away)
        self.assertIn(text(0x06, "142"), phone.set_away("too early")[1])
        phone.provision()
        status, body = phone.set_away("Back on Monday.")
        self.assertEqual((status, body.count(text(0x06, "1"))), (200, 2))

        letter = f"From: {self.address}\r\nTo: {away}\r\nSubject: Lunch?\r\nMessage-ID: <1@e2e>\r\n"
        for octets in ("List-Id: <l>\r\n" + letter, letter, letter.replace("<1@e2e>", "<2@e2e>")):
            with smtplib.LMTP("127.0.0.1", self.gateway.ports["lmtp"]) as client:
                client.sendmail(self.address, [away], octets + "\r\nToday?\r\n")
        deadline = time.monotonic() + 30
        while not self.messages() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)  # for a second one that must not come
        answers = [email.message_from_bytes(octets) for _, octets in self.messages()]
        self.assertEqual(len(answers), 1)
        self.assertEqual(answers[0]["Subject"], "Auto: Lunch?")
        self.assertEqual(answers[0]["In-Reply-To"], "<1@e2e>")
        self.assertEqual(answers[0]["Return-Path"], "<>")
        self.assertEqual(answers[0]["Auto-Submitted"], "auto-replied")
        self.assertIn("Back on Monday.", answers[0].get_payload())


if __name__ == "__main__":
    unittest.main()
