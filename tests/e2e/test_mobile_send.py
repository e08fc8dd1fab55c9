"""Phones write, reply and forward: what they hand over by HTTP arrives with the other account, once."""
import base64
import email
import email.policy
import http.client
import re
import time
import unittest
import urllib.parse

import gateway
from gateway import insecure_context

PROVISIONED = {"POSTERN_ACTIVESYNC_REQUIRE_PROVISIONING": "false"}


class Phone:
    """One of before 14.0, whose messages are bodies of requests."""

    def __init__(self, server, address, device):
        self.server = server
        self.address = address
        self.device = device

    def inbox(self):
        """The number of its folder, out of a FolderSync: the second string in front of its name."""
        ask = bytes.fromhex("03016a0000075652033000") + b"\x01\x01"
        _, answer = self.post("FolderSync", ask, "application/vnd.ms-sync.wbxml")
        strings = re.findall(rb"\x03([^\x00]*)\x00", answer)
        return strings[strings.index(b"INBOX") - 2].decode()

    def post(self, command, body=b"", content_type="message/rfc822", **parameters):
        query = {"Cmd": command, "User": self.address, "DeviceId": self.device, "DeviceType": "Test", **parameters}
        secret = "%s:%s" % (self.address, self.server.passwords[self.address])
        headers = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode(),
                   "MS-ASProtocolVersion": "12.1", "Content-Type": content_type}
        client = http.client.HTTPSConnection("127.0.0.1", self.server.ports["https"], context=insecure_context(),
                                             timeout=60)
        client.request("POST", "/Microsoft-Server-ActiveSync?" + urllib.parse.urlencode(query), body, headers)
        answer = client.getresponse()
        octets = answer.read()
        client.close()
        return answer.status, octets


class Sending(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = gateway.Gateway(PROVISIONED)
        cls.addClassCleanup(cls.gateway.remove)
        cls.addClassCleanup(cls.gateway.stop)

    def setUp(self):
        self.alice, _ = self.gateway.new_account()
        self.bob, _ = self.gateway.new_account()
        self.carol, _ = self.gateway.new_account()
        for address in (self.alice, self.bob):
            self.gateway.command("feature", "enable", "mobile_sync", address)

    def messages(self, address, mailbox="INBOX"):
        with self.gateway.imap(address) as client:
            client.select(mailbox, readonly=True)
            numbers = client.search(None, "ALL")[1][0].split()
            found = [client.fetch(number, "(FLAGS BODY.PEEK[])")[1] for number in numbers]
        return [(one[0][0] + one[1], email.message_from_bytes(one[0][1], policy=email.policy.default))
                for one in found]

    def wait_for(self, address, subject):
        """The one message of that subject: (flags and all, message)."""
        deadline = time.monotonic() + 30
        found = []
        while not found and time.monotonic() < deadline:
            time.sleep(0.1)
            found = [one for one in self.messages(address) if one[1]["Subject"] == subject]
        self.assertEqual(len(found), 1)
        return found[0]

    def letter(self, sender, to, subject, text):
        message = email.message.EmailMessage()
        message["From"] = sender
        message["To"] = to
        message["Subject"] = subject
        message["Message-ID"] = "<%s@phone>" % subject.replace(" ", ".")
        message.set_content(text)
        return message

    def test_a_conversation(self):
        letter = self.letter(self.alice, self.bob, "numbers", "Gr\u00fc\u00dfe, see the file.\n")
        letter.add_attachment(bytes(range(256)) * 4096, maintype="application", subtype="octet-stream",
                              filename="numbers.bin")
        letter["Bcc"] = self.carol
        octets = letter.as_bytes(policy=email.policy.SMTP)
        phone = Phone(self.gateway, self.alice, "alice1")
        for _ in range(3):  # its answers are lost twice
            self.assertEqual(phone.post("SendMail", octets, SaveInSent="T"), (200, b""))
        _, arrived = self.wait_for(self.bob, "numbers")
        self.assertIsNone(arrived["Bcc"])
        self.assertEqual(self.wait_for(self.carol, "numbers")[1]["To"], self.bob)
        self.assertEqual(len(self.messages(self.alice, "Sent")), 1)

        # Bob forwards it to Alice, without its octets ever being on his phone.
        other = Phone(self.gateway, self.bob, "bob1")
        forward = self.letter(self.bob, self.alice, "FW numbers", "As you said.\n").as_bytes(policy=email.policy.SMTP)
        inbox = other.inbox()
        status, _ = other.post("SmartForward", forward, CollectionId=inbox, ItemId=inbox + ":1")
        self.assertEqual(status, 200)
        _, forwarded = self.wait_for(self.alice, "FW numbers")
        text = forwarded.get_body(("plain",)).get_content()
        self.assertIn("As you said.", text)
        self.assertIn("Gr\u00fc\u00dfe, see the file.", text)
        attached = [part for part in forwarded.iter_attachments()]
        self.assertEqual([part.get_filename() for part in attached], ["numbers.bin"])
        self.assertEqual(attached[0].get_content(), bytes(range(256)) * 4096)
        self.assertEqual(forwarded["In-Reply-To"], "<numbers@phone>")
        self.assertIn(b"$Forwarded", self.wait_for(self.bob, "numbers")[0])

        # The attachment, as an old phone fetches it.
        status, octets = other.post("GetAttachment", AttachmentName=inbox + ":1/2")
        self.assertEqual((status, octets), (200, bytes(range(256)) * 4096))

    def test_not_ones_own_address(self):
        phone = Phone(self.gateway, self.alice, "alice1")
        letter = self.letter(self.bob, self.bob, "not mine", "Hello.\n").as_bytes(policy=email.policy.SMTP)
        self.assertEqual(phone.post("SendMail", letter)[0], 500)
        self.assertEqual(self.messages(self.bob), [])


if __name__ == "__main__":
    unittest.main()
