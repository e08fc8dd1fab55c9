"""An actor: gives random commands on a session of its own, for as long as it is let, and knows what each must do."""
import random

from catch_up import Cache
from session import Session
from wire import Fault

SHARED_FLAGS = ("\\Seen", "\\Flagged", "\\Answered", "$Junk", "$Forwarded")
WON = "$won"  # set by a conditional STORE: only one session at a time can have done so
MESSAGES_WANTED = 40  # in a mailbox, about


class Actor:
    def __init__(self, world, account, number, mailboxes, seed):
        self.world = world
        self.account = account
        self.number = number
        self.mailboxes = mailboxes
        self.random = random.Random(seed)
        self.enabled = ("", "", "CONDSTORE", "QRESYNC")[number % 4]
        self.session = None
        self.messages = 0
        self.mine = {}
        self.cache = Cache(world, account, number, self.random.choice(mailboxes), ("CONDSTORE", "QRESYNC")[number % 2],
                           self.mine)
        self.commands = self.weighed()

    def weighed(self):
        weights = {
            self.fetch_flags: 10, self.fetch_content: 8, self.fetch_part: 4, self.store_shared: 14, self.store_own: 14,
            self.win: 8, self.append: 14, self.delete: 8, self.expunge: 4, self.uid_expunge: 3, self.copy: 4, self.move: 4,
            self.search: 6, self.search_own: 4, self.idle: 6, self.noop: 10, self.reselect: 4, self.status: 2,
            self.pipeline: 5, self.reconnect: 1, self.catch_up: 2,
        }
        return [command for command, weight in weights.items() for _ in range(weight)]

    @property
    def view(self):
        return self.session.view

    def start(self):
        self.session = Session(self.world, self.account, self.number, self.enabled, self.mine)
        self.session.select(self.random.choice(self.mailboxes))
        self.session.learn()

    def act(self):
        try:
            self.random.choice(self.commands)()
            if self.random.random() < 0.7:
                self.session.learn()
        except Fault as fault:
            raise self.session.described(fault) from None

    # --- choices ------------------------------------------------------------------------------------------

    def some(self, most=4):
        """A few UIDs of the view, ascending."""
        known = self.view.known()
        if not known:
            return []
        if self.random.random() < 0.1:
            return known
        return sorted(self.random.sample(known, min(len(known), self.random.randint(1, most))))

    def chosen(self, uids):
        """("UID ", "3,5") or ("", "1:2"): the same messages by UID or by number."""
        if self.random.random() < 0.6:
            return "UID ", ",".join(str(uid) for uid in uids)
        return "", ",".join(str(self.view.uids.index(uid) + 1) for uid in uids)

    def ok_or_gone(self, answer, by):
        """By number a command may meet messages that others have removed (RFC 2180 section 4)."""
        if answer.condition == "OK":
            return True
        if answer.condition == "NO" and answer.code == "EXPUNGEISSUED" and not by:
            return False
        raise Fault("answered %s [%s]" % (answer.condition, answer.code))

    # --- reading ------------------------------------------------------------------------------------------

    def fetch_flags(self):
        if not self.view.uids:
            return
        items = "UID FLAGS MODSEQ" if self.enabled else "UID FLAGS"
        by = self.random.choice(("UID ", ""))
        self.ok_or_gone(self.session.run("%sFETCH 1:* (%s)" % (by, items)), by)

    def fetch_content(self):
        uids = self.some()
        if uids:
            by, numbers = self.chosen(uids)
            seen = self.random.choice(("", ".PEEK"))
            text = "%sFETCH %s (UID FLAGS BODY%s[HEADER.FIELDS (SUBJECT)])" % (by, numbers, seen)
            self.ok_or_gone(self.session.run(text), by)

    def fetch_part(self):
        uids = self.some()
        if uids:
            by, numbers = self.chosen(uids)
            self.ok_or_gone(self.session.run("%sFETCH %s (UID RFC822.SIZE BODY.PEEK[TEXT]<0.20>)" % (by, numbers)), by)

    def search(self):
        if self.random.random() < 0.5:
            found = self.session.expect("SEARCH ALL").of_kind("SEARCH")[0][2:]
            if any(not 1 <= int(number) <= len(self.view.uids) for number in found if isinstance(number, str)):
                raise Fault("SEARCH found a number that is none")
        elif None not in self.view.uids:
            before = set(self.view.uids)
            for uid in self.session.expect("UID SEARCH UNSEEN").of_kind("SEARCH")[0][2:]:
                if isinstance(uid, str) and int(uid) not in before:
                    raise Fault("SEARCH found UID %s, which was not told" % uid)

    def search_own(self):
        for uid in self.session.expect("UID SEARCH KEYWORD " + self.session.keyword).of_kind("SEARCH")[0][2:]:
            if isinstance(uid, str) and self.view.mine.get(int(uid)) is False:
                raise Fault("SEARCH found UID %s by a keyword that it has not" % uid)

    def noop(self):
        self.session.expect(self.random.choice(("NOOP", "NOOP", "CHECK")))

    def idle(self):
        tag = self.session.begin("IDLE")
        if self.session.wire.response().tag != "+":
            raise Fault("IDLE began with something else")
        waits = self.random.randint(1, 3)
        while waits > 0:
            if self.session.wire.has_input(self.random.uniform(0, 0.2)):
                self.session.take(self.session.wire.response(), "IDLE")
            waits -= 1
        self.session.wire.send("DONE\r\n")
        if self.session.finish(tag, "IDLE").condition != "OK":
            raise Fault("IDLE failed")

    def status(self):
        mailbox = self.random.choice(self.mailboxes)
        uid_floor, modseq_floor = self.world.floors(mailbox)
        told = self.session.expect("STATUS %s (MESSAGES UIDNEXT HIGHESTMODSEQ)" % mailbox).of_kind("STATUS")[0][3]
        values = dict(zip(told[0::2], map(int, told[1::2])))
        if values["UIDNEXT"] <= uid_floor or values["HIGHESTMODSEQ"] < modseq_floor:
            raise Fault("STATUS is of the past: %s, but %d and %d were told" % (values, uid_floor, modseq_floor))

    def pipeline(self):
        """Commands whose answers nobody awaits: a STORE by number, and FETCHes around it."""
        uids = self.some()
        if not uids:
            return
        numbers = ",".join(str(self.view.uids.index(uid) + 1) for uid in uids)
        texts = ["FETCH %s (UID FLAGS)" % numbers, "STORE %s +FLAGS.SILENT (\\Seen)" % numbers, "FETCH %s (UID)" % numbers]
        tags = [self.session.begin(text) for text in texts[:1]]
        for text in texts[1:]:
            tags.append(self.session.wire.next_tag())
            self.session.wire.send("%s %s\r\n" % (tags[-1], text))
        for tag, text in zip(tags, texts):
            answer = self.session.finish(tag, self.session.name_of(text))
            if self.ok_or_gone(answer, "") and text.startswith("STORE"):
                self.view.changed_silently(uids, True, {"\\Seen"})

    # --- changing -----------------------------------------------------------------------------------------

    def store_shared(self):
        uids = self.some()
        if not uids:
            return
        by, numbers = self.chosen(uids)
        add, silent = self.random.random() < 0.5, self.random.random() < 0.3
        flag = self.random.choice(SHARED_FLAGS)
        text = "%sSTORE %s %sFLAGS%s (%s)" % (by, numbers, "+" if add else "-", ".SILENT" if silent else "", flag)
        if self.ok_or_gone(self.session.run(text), by) and silent:
            self.view.changed_silently(uids, add, {flag})

    def store_own(self):
        """Nobody else touches this keyword, so what is acknowledged stays."""
        uids = self.some()
        if not uids:
            return
        by, numbers = self.chosen(uids)
        add = self.random.random() < 0.6
        for uid in uids:  # until the answer is there either is true
            self.view.mine.pop(uid, None)
        text = "%sSTORE %s %sFLAGS (%s)" % (by, numbers, "+" if add else "-", self.session.keyword)
        if self.ok_or_gone(self.session.run(text), by):
            self.view.mine.update(dict.fromkeys(uids, add))

    def win(self):
        """A lock by UNCHANGEDSINCE (RFC 7162 section 3.1.3): of those who saw the message free, one wins."""
        free = [uid for uid in self.view.known()
                if uid in self.view.modseqs and WON not in self.view.flags.get(uid, {WON})]
        if not free or self.enabled == "":
            return
        uid = self.random.choice(free[:5])
        answer = self.session.expect("UID STORE %d (UNCHANGEDSINCE %d) +FLAGS (%s)" % (uid, self.view.modseqs[uid], WON))
        if answer.code.startswith("MODIFIED") or WON not in self.view.flags.get(uid, set()):
            return
        self.world.win(self.view.mailbox, uid, self.session.instance)
        if self.random.random() < 0.5:
            self.session.expect("NOOP")
        self.world.give_up(self.view.mailbox, uid)
        self.session.expect("UID STORE %d -FLAGS (%s)" % (uid, WON))

    def append(self):
        mailbox = self.random.choice(self.mailboxes)
        if mailbox == self.view.mailbox and len(self.view.uids) > MESSAGES_WANTED:
            return
        self.messages += 1
        subject = "m%d-%d" % (self.number, self.messages)
        message = "Subject: %s \r\nFrom: a@example.test\r\n\r\n%s\r\n" % (subject, "text " * self.random.randint(1, 400))
        flags = self.random.choice(("", "\\Seen", "\\Flagged $Forwarded"))
        uid = self.session.append(mailbox, flags, message.encode())
        self.world.tell_content(mailbox, uid, subject)
        told = mailbox != self.view.mailbox or None in self.view.uids or uid in self.view.uids
        if not told and not self.world.may_vanish(mailbox, uid):
            raise Fault("an appended message was not told of")

    def delete(self):
        if len(self.view.uids) > MESSAGES_WANTED // 2:
            uids = self.some()
            if uids:
                self.world.mark(self.view.mailbox, uids)
                by, numbers = self.chosen(uids)
                self.ok_or_gone(self.session.run("%sSTORE %s +FLAGS (\\Deleted)" % (by, numbers)), by)

    def expunge(self):
        self.session.expect("EXPUNGE")

    def uid_expunge(self):
        uids = self.some()
        if uids:
            self.session.expect("UID EXPUNGE " + ",".join(map(str, uids)))

    def copy(self):
        uids = self.some(2)
        target = self.random.choice(self.mailboxes)
        if uids and len(self.view.uids) < 2 * MESSAGES_WANTED:
            by, numbers = self.chosen(uids)
            floor, _ = self.world.floors(target)
            answer = self.session.run("%sCOPY %s %s" % (by, numbers, target))
            if self.ok_or_gone(answer, by):
                self.check_copied(self.session.copied(answer.code, floor, target), uids)

    def move(self):
        uids = self.some(3)
        target = self.random.choice([mailbox for mailbox in self.mailboxes if mailbox != self.view.mailbox])
        if not uids:
            return
        self.world.move(self.view.mailbox, uids)
        by, numbers = self.chosen(uids)
        floor, _ = self.world.floors(target)
        answer = self.session.run("%sMOVE %s %s" % (by, numbers, target))
        codes = [response.code for response in answer.untagged if response.code.startswith("COPYUID")]
        if self.ok_or_gone(answer, by) and codes:
            moved = self.session.copied(codes[0], floor, target)
            self.check_copied(moved, uids)
            if set(moved) & set(self.view.known()):
                raise Fault("moved messages are still there")

    @staticmethod
    def check_copied(done, wanted):
        if not set(done) <= set(wanted):
            raise Fault("other messages than those that were named")

    # --- coming and going ---------------------------------------------------------------------------------

    def reselect(self):
        if self.random.random() < 0.3:
            self.session.expect(self.random.choice(("UNSELECT", "CLOSE")))
            self.session.view = None
        self.session.select(self.random.choice(self.mailboxes), read_only=self.random.random() < 0.1)
        if self.view.read_only:
            self.session.learn()
            self.fetch_flags()
            self.session.select(self.random.choice(self.mailboxes))
        self.session.learn()

    def reconnect(self):
        self.session.expect("NOOP")
        self.session.close()
        self.start()

    def catch_up(self):
        self.cache.refresh()

    # --- the end ------------------------------------------------------------------------------------------

    def settle(self):
        """Hears the last news. {uid: flags}, which a FETCH of everything must confirm."""
        try:
            self.session.expect("NOOP")
            self.session.learn()
            known = dict(self.view.flags)
            if sorted(known) != self.view.uids:
                raise Fault("of some messages the flags were never told")
            self.view.fetched = {}
            self.session.expect("UID FETCH 1:* (FLAGS)")
            if self.view.fetched != known:
                wrong = [uid for uid in known if self.view.fetched.get(uid) != known[uid]]
                raise Fault("changes of UIDs %s of %s were never told" % (wrong, self.view.mailbox))
            return known
        except Fault as fault:
            raise self.session.described(fault) from None
