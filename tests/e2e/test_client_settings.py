"""How mail programs find their servers: over HTTP, and by the DNS as `postern doctor` sees it."""
import json
import plistlib
import socket
import struct
import subprocess
import threading
import unittest
import urllib.request
import xml.etree.ElementTree as ElementTree

import gateway

TYPES = {"A": 1, "CNAME": 5, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33}


class Nameserver:
    """A DNS server of a few records: {(name, type): [value as in a master file]}."""

    def __init__(self):
        self.records = {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                query, peer = self.socket.recvfrom(512)
            except OSError:
                return
            self.socket.sendto(self.answer(query), peer)

    def answer(self, query):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode())
            at += 1 + query[at]
        kind = struct.unpack("!H", query[at + 1:at + 3])[0]
        values = self.records.get((".".join(labels).lower() + ".", kind), [])
        head = query[:2] + struct.pack("!HHHHH", 0x8180, 1, len(values), 0, 0)
        body = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data
                        for data in (wire(kind, value) for value in values))
        return head + query[12:at + 5] + body

    def close(self):
        self.socket.close()


def wire_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.rstrip(".").split(".")) + b"\0"


def wire(kind, value):
    words = value.split()
    if kind == TYPES["TXT"]:
        text = value.strip('"').encode()
        return bytes([len(text)]) + text
    if kind in (TYPES["MX"], TYPES["SRV"]):
        return b"".join(struct.pack("!H", int(word)) for word in words[:-1]) + wire_name(words[-1])
    if kind == TYPES["A"]:
        return socket.inet_aton(value)
    return wire_name(value)


class Dns(unittest.TestCase):
    def setUp(self):
        self.gateway = gateway.shared()
        self.server = Nameserver()
        self.addCleanup(self.server.close)
        self.wanted = json.loads(self.gateway.command("domain", "dns", "example.test", "--output", "json").stdout)

    def findings(self):
        done = self.gateway.command("doctor", "--dns", "example.test", "--dns-server", self.server.address,
                                    "--output", "json")
        return [one for one in json.loads(done.stdout) if one["check"] == "dns"]

    def publish(self, *records):
        for record in records:
            self.server.records.setdefault((record["name"], TYPES[record["type"]]), []).append(record["value"])

    def test_what_is_missing_is_told_with_its_record(self):
        found = self.findings()
        self.assertEqual(len(found), len(self.wanted))
        for finding, record in zip(found, self.wanted):
            self.assertEqual(finding["state"], "warning")
            self.assertEqual(finding["mend"], "publish: %(name)s %(type)s %(value)s" % record)

    def test_what_is_printed_is_what_is_wanted(self):
        self.publish(*self.wanted)
        self.assertEqual({finding["state"] for finding in self.findings()}, {"ok"})

    def test_an_address_instead_of_an_alias_will_do(self):
        self.publish(*[record for record in self.wanted if record["type"] != "CNAME"])
        for record in self.wanted:
            if record["type"] == "CNAME":
                self.server.records[(record["name"], TYPES["A"])] = ["192.0.2.7"]
        self.assertEqual({finding["state"] for finding in self.findings()}, {"ok"})

    def test_another_value_is_shown(self):
        self.publish({"name": "example.test.", "type": "MX", "value": "10 elsewhere.test."})
        self.assertIn("says 10 elsewhere.test.", self.findings()[0]["text"])


class OverHttp(unittest.TestCase):
    def setUp(self):
        self.gateway = gateway.shared()

    def get(self, path):
        url = "http://127.0.0.1:%d%s" % (self.gateway.ports["http"], path)
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.read()

    def test_thunderbird(self):
        config = ElementTree.fromstring(self.get("/.well-known/autoconfig/mail/config-v1.1.xml"
                                                 "?emailaddress=alice%40example.test"))
        incoming = config.find("emailProvider/incomingServer[@type='imap']")
        self.assertEqual(incoming.findtext("port"), str(self.gateway.ports["imaps"]))
        self.assertEqual(incoming.findtext("socketType"), "SSL")
        self.assertEqual(incoming.findtext("username"), "%EMAILADDRESS%")

    def test_apple(self):
        profile = plistlib.loads(self.get("/profile/mail.mobileconfig?address=alice%40example.test"))
        account = profile["PayloadContent"][0]
        self.assertEqual(account["PayloadType"], "com.apple.mail.managed")
        self.assertEqual(account["IncomingMailServerPortNumber"], self.gateway.ports["imaps"])
        self.assertEqual(account["EmailAddress"], "alice@example.test")


class Signed(unittest.TestCase):
    def test_apple_profile_signed_by_the_servers_own_key(self):
        own = gateway.Gateway()
        try:
            own.stop()
            own.settings = {"POSTERN_AUTOCONFIG_PROFILE_CERTIFICATE_FILE": own.data + "/certificate.pem",
                            "POSTERN_AUTOCONFIG_PROFILE_KEY_FILE": own.data + "/key.pem"}
            own.start()
            url = "http://127.0.0.1:%d/profile/mail.mobileconfig?address=bob%%40example.test" % own.ports["http"]
            with urllib.request.urlopen(url, timeout=20) as answer:
                signed = answer.read()
            done = subprocess.run(["openssl", "cms", "-verify", "-inform", "DER", "-CAfile", own.certificate,
                                   "-purpose", "any"], input=signed, capture_output=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            account = plistlib.loads(done.stdout)["PayloadContent"][0]
            self.assertEqual(account["EmailAddress"], "bob@example.test")
        finally:
            own.stop()
            own.remove()
