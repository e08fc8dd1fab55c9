"""A session: one connection that has logged in, and the mailbox that it has open. What it says it did itself is
checked here: each answer against the view as it was, and the view against what must be true after the answer."""
import itertools

from view import View
from wire import Fault, Wire, numbers_of

INSTANCES = itertools.count(1)


class Answer:
    def __init__(self, status, untagged):
        self.condition = status.condition
        self.code = status.code
        self.untagged = untagged

    def of_kind(self, name):
        return [response.words for response in self.untagged if response.words[1] == name]


class Session:
    """`enabled`: "", "CONDSTORE" or "QRESYNC". `mine`: what the actor knows of its own keyword, by mailbox."""

    def __init__(self, world, account, number, enabled, mine):
        self.world = world
        self.mine = mine
        self.keyword = "k%d" % number
        self.name = "session %d" % number
        self.instance = "%s, connection %d" % (self.name, next(INSTANCES))
        self.view = None
        self.wire = Wire(account.port, self.instance)
        self.wire.response()
        self.expect("LOGIN %s %s" % (account.address, account.password))
        if number % 3 == 0:
            self.expect("COMPRESS DEFLATE")
            self.wire.compress()
        if enabled:
            self.expect("ENABLE " + enabled)

    # --- commands -----------------------------------------------------------------------------------------

    def run(self, text, literal=None):
        """Gives the command and reads up to its tagged answer."""
        tag = self.begin(text, literal)
        return self.finish(tag, self.name_of(text))

    def expect(self, text, literal=None):
        answer = self.run(text, literal)
        if answer.condition != "OK":
            raise Fault("%s was answered %s [%s]" % (text, answer.condition, answer.code))
        return answer

    @staticmethod
    def name_of(text):
        words = text.split(" ")
        return "UID " + words[1] if words[0] == "UID" else words[0]

    def begin(self, text, literal=None):
        # A server that speaks while nothing was asked could not be trusted with numbers (RFC 3501 section 7.4.1).
        if self.wire.has_input():
            raise Fault("something was told without a command")
        self.world.commands[self.name_of(text)] += 1
        tag = self.wire.next_tag()
        octets = ("%s %s" % (tag, text)).encode()
        if literal is not None:
            octets += b" {%d+}\r\n" % len(literal) + literal
        self.wire.send(octets + b"\r\n")
        return tag

    def finish(self, tag, command):
        untagged = []
        while True:
            response = self.wire.response()
            if response.tag == tag:
                return Answer(response, untagged)
            if response.tag == "+":
                raise Fault("a continuation that nobody waits for")
            if response.tag != "*":
                raise Fault("an answer to %s instead of %s" % (response.tag, tag))
            untagged.append(response)
            self.take(response, command)

    def take(self, response, command):
        self.world.told[response.words[2] if response.words[1].isdigit() else response.words[1]] += 1
        if response.condition == "BYE":
            raise Fault("the server said BYE")
        if self.view is None:
            return
        if response.code.startswith("HIGHESTMODSEQ"):
            self.view.highest = int(response.code.split()[1])
        if response.code != "CLOSED" and response.condition not in ("OK", "NO", "BAD"):
            self.view.take(response.words, command)

    def close(self):
        self.wire.close()

    def described(self, fault):
        return Fault("%s\n  %s" % (fault, "\n  ".join([self.instance, *self.wire.dialogue])))

    # --- what commands mean --------------------------------------------------------------------------------

    def select(self, mailbox, read_only=False, parameters=""):
        self.view = None
        uid_floor, modseq_floor = self.world.floors(mailbox)
        tag = self.begin("%s %s%s" % ("EXAMINE" if read_only else "SELECT", mailbox, parameters))
        self.view = View(self.world, mailbox, self, read_only)
        answer = self.finish(tag, "SELECT")
        if answer.condition != "OK":
            raise Fault("SELECT %s was answered %s" % (mailbox, answer.condition))
        told = {response.code.split()[0]: response.code.split()[-1]
                for response in answer.untagged if response.code}
        if int(told["UIDNEXT"]) <= uid_floor:
            raise Fault("UIDNEXT is %s, but UID %d was told before" % (told["UIDNEXT"], uid_floor))
        if int(told["HIGHESTMODSEQ"]) < modseq_floor:
            raise Fault("HIGHESTMODSEQ is %s, but %d was told before" % (told["HIGHESTMODSEQ"], modseq_floor))
        self.world.tell_modseq(mailbox, int(told["HIGHESTMODSEQ"]))
        return told

    def learn(self):
        """UIDs and flags of what is new: by UID, so that what has gone meanwhile is told as gone."""
        while None in self.view.uids:
            self.expect("UID FETCH %d:* (FLAGS)" % (self.view.largest_before_unknown() + 1))

    def list_all(self):
        """All UIDs that were in the view when it answered."""
        self.view.lists_all = True
        tag = self.begin("UID SEARCH RETURN (ALL) ALL")
        answer = self.finish(tag, "UID SEARCH")
        self.view.lists_all = False
        words = answer.of_kind("ESEARCH")[0]
        return set(numbers_of(words[words.index("ALL") + 1])) if "ALL" in words else set()

    def close_mailbox(self):
        """Without expunging."""
        self.expect("UNSELECT")
        self.view = None

    def append(self, mailbox, flags, message):
        floor, _ = self.world.floors(mailbox)
        answer = self.expect("APPEND %s (%s)" % (mailbox, flags), message)
        uid = int(answer.code.split()[2])
        self.world.acknowledge(mailbox, [uid], floor)
        return uid

    def copied(self, code, floor, target):
        """COPYUID: new UIDs, each with the content of the old one. Returns the old ones."""
        words = code.split()
        if not words or words[0] != "COPYUID":
            return []
        old, new = numbers_of(words[2]), numbers_of(words[3])
        if len(old) != len(new):
            raise Fault("COPYUID names %d and %d messages" % (len(old), len(new)))
        if new != sorted(new):
            raise Fault("UIDs of copies do not ascend")
        self.world.acknowledge(target, new, floor, [(self.view.mailbox, uid) for uid in old])
        for source_uid, target_uid in zip(old, new):
            subject = self.world.content(self.view.mailbox, source_uid)
            if subject is not None:
                self.world.tell_content(target, target_uid, subject)
        return old
