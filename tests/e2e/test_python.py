"""Python's imaplib, poplib and smtplib: the doors as a script sees them."""
import base64
import hashlib
import hmac
import imaplib
import os
import poplib
import smtplib
import socket
import time

from gateway import MailCase, insecure_context


class PythonClients(MailCase):
    def test_lmtp_to_imap_and_pop3_byte_exact(self):
        octets = (b"From: a@example.org\r\nSubject: octets\r\n\r\n.dot\r\n..two\r\n\xff\xfe 8 bit\r\n"
                  b"lone \r\n" + b"x" * 1500 + b"\r\n")
        self.gateway.deliver(self.address, octets=octets)
        stored = self.messages()[0][1]
        self.assertTrue(stored.endswith(octets), stored)
        self.assertTrue(stored.startswith(b"Return-Path: <sender@example.org>\r\n"))
        pop3 = self.gateway.pop3(self.address)
        lines = pop3.retr(1)[1]
        self.assertEqual(b"\r\n".join(lines) + b"\r\n", stored)
        self.assertEqual(pop3.list(1).split()[2], str(len(stored)).encode())
        pop3.quit()

    def test_a_retry_is_not_stored_twice(self):
        octets = b"Message-ID: <retry@example.org>\r\nSubject: retry\r\n\r\nonce\r\n"
        for _ in range(3):
            self.gateway.deliver(self.address, octets=octets)
        self.assertEqual(self.subjects(), ["retry"])

    def test_lmtp_answers_per_recipient(self):
        with smtplib.LMTP("127.0.0.1", self.gateway.ports["lmtp"]) as client:
            refused = client.sendmail("s@example.org", [self.address, "nobody@example.test"],
                                      b"Subject: mixed\r\n\r\nx\r\n")
        self.assertEqual(list(refused), ["nobody@example.test"])
        self.assertEqual(refused["nobody@example.test"][0], 550)
        self.assertEqual(self.subjects(), ["mixed"])

    def test_plus_address(self):
        local, domain = self.address.split("@")
        self.gateway.deliver(local + "+lists@" + domain, subject="detail")
        self.assertEqual(self.subjects(), ["detail"])

    def test_pop3_deletes_at_quit_only(self):
        for number in range(3):
            self.gateway.deliver(self.address, subject="m%d" % number)
        pop3 = self.gateway.pop3(self.address)
        pop3.dele(2)
        pop3.close()  # no QUIT
        self.assertEqual(len(self.messages()), 3)
        pop3 = self.gateway.pop3(self.address)
        uidls = pop3.uidl()[1]
        pop3.dele(2)
        pop3.quit()
        self.assertEqual(self.subjects(), ["m0", "m2"])
        pop3 = self.gateway.pop3(self.address)
        self.assertEqual([line.split()[1] for line in pop3.uidl()[1]], [uidls[0].split()[1], uidls[2].split()[1]])
        pop3.quit()

    def test_pop3_stls(self):
        pop3 = poplib.POP3("127.0.0.1", self.gateway.ports["pop3"], timeout=30)
        self.assertIn("STLS", pop3.capa())
        pop3.stls(context=insecure_context())
        self.assertNotIn("STLS", pop3.capa())
        pop3.user(self.address)
        pop3.pass_(self.password)
        self.assertEqual(pop3.stat(), (0, 0))
        pop3.quit()

    def test_imap_starttls_and_folders(self):
        client = imaplib.IMAP4("127.0.0.1", self.gateway.ports["imap"], timeout=30)
        client.starttls(insecure_context())
        client.login(self.address, self.password)
        self.assertEqual(client.create('"Projekte/&ANY-l"')[0], "OK")
        listed = b"\n".join(client.list()[1])
        for name in (b"INBOX", b"Sent", b"Drafts", b"Trash", b"Junk", b"Archive", b"Projekte/&ANY-l"):
            self.assertIn(name, listed)
        for use in (b"\\Sent", b"\\Drafts", b"\\Trash", b"\\Junk", b"\\Archive"):
            self.assertIn(use, listed)
        self.assertEqual(client.rename("Projekte", "Work")[0], "OK")
        self.assertIn(b"Work/&ANY-l", b"\n".join(client.list()[1]))
        self.assertEqual(client.delete('"Work/&ANY-l"')[0], "OK")
        client.logout()

    def test_imap_flags_copy_move_expunge_search(self):
        for number in range(5):
            self.append("mail %d" % number)
        client = self.gateway.imap(self.address)
        self.assertEqual(client.select()[1], [b"5"])
        client.store("1:2", "+FLAGS", "(\\Flagged $Label1)")
        self.assertEqual(client.search(None, "FLAGGED", "KEYWORD", "$Label1")[1], [b"1 2"])
        self.assertEqual(client.search(None, "SUBJECT", '"mail 3"')[1], [b"4"])
        self.assertEqual(client.copy("1:2", "Archive")[0], "OK")
        self.assertEqual(client.uid("MOVE", "3", "Trash")[0], "OK")
        client.store("1", "+FLAGS", "\\Deleted")
        self.assertEqual(client.expunge()[1], [b"3", b"1"])  # the first was told by MOVE
        client.logout()
        self.assertEqual(self.subjects(), ["mail 1", "mail 3", "mail 4"])
        self.assertEqual(self.subjects("Archive"), ["mail 0", "mail 1"])
        self.assertEqual(self.subjects("Trash"), ["mail 2"])
        self.assertTrue(all(flags == {"\\Flagged", "$Label1"} for flags, _ in self.messages("Archive")))

    def test_wrong_password_and_switched_off_door(self):
        client = imaplib.IMAP4_SSL("127.0.0.1", self.gateway.ports["imaps"], ssl_context=insecure_context(), timeout=60)
        with self.assertRaisesRegex(imaplib.IMAP4.error, "AUTHENTICATIONFAILED"):
            client.login(self.address, "wrong")
        client.logout()
        self.gateway.command("feature", "disable", "pop3", self.address)
        with self.assertRaisesRegex(poplib.error_proto, "POP3"):
            self.gateway.pop3(self.address)
        self.gateway.command("feature", "enable", "pop3", self.address)
        self.gateway.pop3(self.address).quit()

    def test_full_mailbox(self):
        self.gateway.command("account", "quota", self.address, "--octets", "20000")
        self.gateway.deliver(self.address, subject="fits")
        with smtplib.LMTP("127.0.0.1", self.gateway.ports["lmtp"]) as client:
            with self.assertRaises((smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)) as refused:
                client.sendmail("s@example.org", [self.address], b"Subject: big\r\n\r\n" + b"x" * 70 + b"\r\n" * 15000)
        self.assertIn("452", str(refused.exception))
        self.assertEqual(self.subjects(), ["fits"])


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


class Scram(MailCase):
    """RFC 5802 written out once more, from the client's side."""

    def exchange(self, pop3, mechanism, gs2_header, binding, password):
        first_bare = "n=" + self.address + ",r=" + base64.b64encode(os.urandom(18)).decode()
        first = base64.b64encode((gs2_header + first_bare).encode()).decode()
        challenge = self.say(pop3, "AUTH %s %s" % (mechanism, first))
        server_first = base64.b64decode(challenge[2:]).decode()
        fields = dict(field.split("=", 1) for field in server_first.split(","))
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(fields["s"]), int(fields["i"]))
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        channel = base64.b64encode(gs2_header.encode() + binding).decode()
        without_proof = "c=" + channel + ",r=" + fields["r"]
        signed = (first_bare + "," + server_first + "," + without_proof).encode()
        proof = xor(client_key, hmac.digest(hashlib.sha256(client_key).digest(), signed, "sha256"))
        final = without_proof + ",p=" + base64.b64encode(proof).decode()
        answer = self.say(pop3, base64.b64encode(final.encode()).decode())
        if answer.startswith(b"-ERR"):
            return answer
        signature = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), signed, "sha256")
        self.assertEqual(base64.b64decode(answer[2:]), b"v=" + base64.b64encode(signature), "the server proves itself too")
        return self.say(pop3, "")

    @staticmethod
    def say(pop3, line):
        pop3._putcmd(line)
        return pop3._getline()[0]

    def connect(self):
        return poplib.POP3_SSL("127.0.0.1", self.gateway.ports["pop3s"], context=insecure_context(), timeout=60)

    def test_scram_sha_256(self):
        pop3 = self.connect()
        self.assertTrue(self.exchange(pop3, "SCRAM-SHA-256", "n,,", b"", self.password).startswith(b"+OK"))
        self.assertEqual(pop3.stat(), (0, 0))
        pop3.quit()
        self.assertIn(b"[AUTH]", self.exchange(self.connect(), "SCRAM-SHA-256", "n,,", b"", "wrong"))

    def test_scram_sha_256_plus(self):
        pop3 = self.connect()
        binding = hashlib.sha256(pop3.sock.getpeercert(binary_form=True)).digest()
        header = "p=tls-server-end-point,,"
        self.assertTrue(self.exchange(pop3, "SCRAM-SHA-256-PLUS", header, binding, self.password).startswith(b"+OK"))
        pop3.quit()
        in_the_middle = self.exchange(self.connect(), "SCRAM-SHA-256-PLUS", header, bytes(32), self.password)
        self.assertIn(b"[AUTH]", in_the_middle)

    def test_a_client_that_was_told_of_no_plus_is_refused(self):
        self.assertIn(b"[AUTH]", self.exchange(self.connect(), "SCRAM-SHA-256", "y,,", b"", self.password))


class Idle(MailCase):
    """Several connections, so that some land in another worker process than the delivery's."""

    def test_delivery_shows_in_every_idle_session(self):
        idlers = []
        for _ in range(8):
            client = self.gateway.imap(self.address)
            client.select()
            client.send(b"x IDLE\r\n")
            self.assertTrue(client.readline().startswith(b"+"))
            idlers.append(client)
        sent = time.monotonic()
        self.gateway.deliver(self.address)
        acknowledged = time.monotonic()
        slowest = 0.0
        for client in idlers:
            client.sock.settimeout(5)
            try:
                while not client.readline().endswith(b"1 EXISTS\r\n"):
                    pass
            except socket.timeout:
                self.fail("no EXISTS within 5 s")
            slowest = max(slowest, time.monotonic() - acknowledged)
        print("delivery took %.0f ms, slowest of 8 IDLE sessions heard %.0f ms after the 250"
              % ((acknowledged - sent) * 1000, slowest * 1000))
        for client in idlers:
            client.send(b"DONE\r\n")
            while not client.readline().startswith(b"x OK"):
                pass
            client.logout()
