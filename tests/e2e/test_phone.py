"""Phones: every profile in every version through its first day; phones among other clients; phones that send while
the relay dies; phones that wait while an administrator switches them off."""
import concurrent.futures
import email
import mailbox
import os
import random
import re
import signal
import smtplib
import time

import gateway
import phone
import smarthost
from phone import PROFILES, REFUSED, VERSIONS, PhoneCase

ROUNDS, ROUNDS_SHORT = 25, 4
WAITING_PHONES = 16  # enough for every worker to have some: the kernel spreads connections by chance
LETTERS = 4


class Life(PhoneCase):
    """postern_phone holds each answer to what that phone needs; what it then believes must be true."""

    def live(self, profile, version, *options):
        for number in range(3):  # a mailbox is seldom empty
            self.gateway.deliver(self.address, subject="before %d" % number)
        command, _ = self.phone_command("life", profile=profile, version=version, options=options)
        said = self.run_client(*command, timeout=180)
        self.assertNotIn("not announced", said)
        self.assert_consistent(self.phone("sync", profile=profile, version=version))

    def test_every_version_and_profile(self):
        pairs = [(profile, version) for profile in PROFILES for version in VERSIONS]
        if gateway.SHORT:  # each at least once
            pairs = [(PROFILES[n % len(PROFILES)], version) for n, version in enumerate(VERSIONS)]
        for profile, version in pairs:
            with self.subTest(profile=profile, version=version):
                self.address, self.password = self.gateway.new_account()
                self.gateway.command("feature", "enable", "mobile_sync", self.address)
                self.live(profile, version)

    def test_answers_are_lost(self):
        """Each answer that can be lost is thrown away once, and the phone asks again with the key it has."""
        for profile, version in (("gmail", "12.1"), ("ios", "16.1")):
            with self.subTest(profile=profile):
                self.address, self.password = self.gateway.new_account()
                self.gateway.command("feature", "enable", "mobile_sync", self.address)
                self.live(profile, version, "--lose-answers")


class Shared(PhoneCase):
    """Two phones, mbsync in both directions and a POP3 client at once in one mailbox."""

    def mbsync(self):
        ports = self.gateway.ports
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
Expunge Both
SyncState *
""" % (ports["imaps"], self.address, self.password, self.gateway.certificate, self.path("mail"), self.path("mail")))
        self.run_client("mbsync", "-c", config, "-a", timeout=120)

    def change_maildir(self, chance):
        """What a user does offline: marks one, deletes one, files a new one; then both sides are synchronised."""
        box = mailbox.Maildir(self.path("mail", "INBOX"), create=False)
        keys = sorted(box.keys())
        chance.shuffle(keys)
        for key in keys[:1]:
            message = box[key]
            message.set_subdir("cur")
            message.set_flags(chance.choice(["S", "FS", "F"]))
            box[key] = message
        for key in keys[1:2]:
            box.remove(key)
        fresh = mailbox.MaildirMessage("Subject: offline %d\n\nHello.\n" % chance.randrange(10**9))
        fresh.set_subdir("cur")
        box.add(fresh)
        self.mbsync()

    def use_phone(self, profile, version, chance, state):
        """Marks one, deletes one, moves one: of those that it believes to be there. Somebody else may be faster.

        No answer is lost here: what others change in between may change the answer that is given again.
        """
        inbox = next(f for f in state["folders"].values() if f["type"] == phone.INBOX)
        subjects = sorted(item["subject"] for item in inbox["items"].values())
        chance.shuffle(subjects)
        steps = ["folders"]
        if subjects:
            steps.append(chance.choice(["?read", "?unread", "?flag", "?unflag"]) + "=" + subjects[0])
        if len(subjects) > 3:
            steps.append("?delete=" + subjects[1])
        return self.phone(*steps, "sync", profile=profile, version=version)

    def use_pop3(self):
        client = self.gateway.pop3(self.address)
        count = len(client.list()[1])
        if count > 5:
            client.retr(1)
            client.dele(1)
        client.quit()

    def test_many_rounds(self):
        chance = random.Random(4)
        os.makedirs(self.path("mail"))
        pairs = [("ios", "16.1"), ("gmail", "14.1")]
        for number in range(6):
            self.gateway.deliver(self.address, subject="at first %d" % number)
        states = [self.phone("options", "folders", "sync", profile=profile, version=version) for profile, version in pairs]
        self.mbsync()
        for number in range(ROUNDS_SHORT if gateway.SHORT else ROUNDS):
            with concurrent.futures.ThreadPoolExecutor() as pool:
                # Each with a chance of its own, so that a round can be had again.
                of_phones = [pool.submit(self.use_phone, *pair, random.Random(chance.random()), state)
                             for pair, state in zip(pairs, states)]
                others = [pool.submit(self.change_maildir, random.Random(chance.random())), pool.submit(self.use_pop3),
                          pool.submit(self.gateway.deliver, self.address, subject="round %d" % number),
                          pool.submit(self.gateway.deliver, self.address, subject="also round %d" % number)]
                for one in others:
                    one.result()
                states = [one.result() for one in of_phones]
        self.settle(pairs)

    def settle(self, pairs):
        """All come to believe the same."""
        self.mbsync()
        truth = self.shown()
        for profile, version in pairs:
            self.assert_consistent(self.phone("folders", "sync", profile=profile, version=version))
        box = mailbox.Maildir(self.path("mail", "INBOX"), create=False)
        near = sorted((m["Subject"], "S" in m.get_flags(), "F" in m.get_flags()) for m in box)
        self.assertEqual(near, truth["INBOX"])
        client = self.gateway.pop3(self.address)
        self.assertEqual(len(client.list()[1]), len(near))
        client.quit()
        subjects = [subject for subject, _, _ in truth["INBOX"]]
        self.assertEqual(len(subjects), len(set(subjects)), "something is there twice")


class ForwardingSmarthost(smarthost.Smarthost):
    """Hands on by LMTP what it takes."""

    def __init__(self, lmtp_port, port=0):
        self.lmtp_port = lmtp_port
        super().__init__(port)

    def take(self, octets):
        super().take(octets)
        recipient = email.message_from_bytes(octets)["To"].strip("<>")
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as client:
            client.sendmail("sender@example.org", [recipient], octets.replace(b"\r\n..", b"\r\n."))


class Relayed(PhoneCase):
    """Alice's phone writes to Bob while the relay and the gateway's workers die. A gateway of its own."""

    def find_gateway(self):
        own = gateway.Gateway()
        self.addCleanup(own.remove)
        self.addCleanup(own.stop)
        self.smarthost = ForwardingSmarthost(own.ports["lmtp"])
        self.addCleanup(lambda: self.smarthost.stop())
        own.stop()
        smarthost.use(own, self.smarthost)
        own.start()
        return own

    def setUp(self):
        super().setUp()
        self.bob, self.bob_password = self.gateway.new_account()
        self.gateway.command("feature", "enable", "mobile_sync", self.bob)

    def test_nothing_is_lost_or_sent_twice(self):
        port = self.smarthost.server_address[1]
        self.phone("options", "folders", "sync", profile="outlook")
        self.phone("options", "folders", "sync", profile="gmail", version="12.1")
        taken = []
        wanted = []

        def write(prefix, **which):
            subjects = ["%s %d" % (prefix, n) for n in range(LETTERS)]
            wanted.extend(subjects)
            # Three times each with one ClientId, as after lost answers.
            self.phone(*["send-again=%s %s" % (self.bob, subject) for subject in subjects], **which)

        write("with the relay", profile="outlook")
        self.smarthost.stop()
        taken += self.smarthost.taken
        write("without the relay", profile="outlook")
        write("of old", profile="gmail", version="12.1")
        for worker in self.gateway.workers():
            os.kill(worker, signal.SIGKILL)
        self.smarthost = ForwardingSmarthost(self.gateway.ports["lmtp"], port)
        time.sleep(0.5)  # in the midst of it
        self.smarthost.stop()
        taken += self.smarthost.taken
        self.smarthost = ForwardingSmarthost(self.gateway.ports["lmtp"], port)
        write("after the relay", profile="outlook")
        self.gateway.wait_until_sent()
        taken += self.smarthost.taken
        self.assertEqual(sorted(set(taken)), sorted(wanted))
        at_bob = self.phone("options", "folders", "sync", of=(self.bob, self.bob_password), name="bobsphone")
        self.assertEqual([subject for subject, _, _ in self.believed(at_bob)["INBOX"]], sorted(wanted))
        # And a copy each of what was sent.
        state = self.phone("sync", profile="outlook")
        self.assertEqual([subject for subject, _, _ in self.believed(state)["Sent"]], sorted(wanted))


class Switched(PhoneCase):
    """mobile_sync off and on while phones wait, in every worker."""

    def ended(self, phones):
        """Exit statuses. Without the flag's help the waits would last for minutes."""
        return [process.wait(timeout=30) for process in phones]

    def workers_of(self, devices):
        """Numbers of the workers that have served these devices: a session's number begins with its worker's."""
        with open(os.path.join(self.gateway.data, "postern.log"), encoding="utf-8") as file:
            lines = re.findall(r"activesync\.command session=(\d+) .* device=(\w+)", file.read())
        return {int(session) >> 48 for session, device in lines if device in devices}

    def test_off_and_on_while_phones_wait(self):
        for version in ("12.1", "14.0", "16.1") if not gateway.SHORT else ("16.1",):
            for profile in ("gmail", "ios"):  # a Ping, and a Sync that waits
                with self.subTest(version=version, profile=profile):
                    self.switch(profile, version)

    def switch(self, profile, version):
        self.address, self.password = self.gateway.new_account()
        self.gateway.command("feature", "enable", "mobile_sync", self.address)
        names = ["%s%s%d" % (profile, version.replace(".", ""), n) for n in range(WAITING_PHONES)]
        phones = [self.waiting_phone(profile=profile, version=version, name=name) for name in names]
        self.assertEqual(len(self.workers_of(names)), len(self.gateway.workers()))
        time.sleep(0.5)
        self.gateway.command("feature", "disable", "mobile_sync", self.address)
        self.assertEqual(self.ended(phones), [REFUSED] * WAITING_PHONES)
        self.phone("folders", profile=profile, version=version, name="another", expect=REFUSED)
        self.gateway.deliver(self.address, subject="meanwhile")
        self.gateway.command("feature", "enable", "mobile_sync", self.address)
        # They know what they knew, and get what has come.
        for name in names[:2]:
            again = self.phone("options", "folders", "sync", "expect-mail=meanwhile", profile=profile,
                               version=version, name=name)
            self.assert_consistent(again)
