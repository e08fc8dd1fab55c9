"""What all sessions know together. Every method may be called by any of them; a contradiction is a Fault."""
import collections
import threading

from wire import Fault


class World:
    def __init__(self):
        self.lock = threading.Lock()
        self.contents = {}       # (mailbox, uid) -> the Subject that names the message
        self.recent = {}         # (mailbox, uid) -> the one session that was shown \Recent
        self.marked = set()      # (mailbox, uid) that somebody has marked \Deleted
        self.moved = set()       # (mailbox, uid) that somebody has moved away
        self.sources = {}        # (mailbox, uid) of a copy -> that of its original
        self.vanished = set()    # (mailbox, uid) that somebody was told to be gone
        self.acknowledged = set()  # (mailbox, uid) told by APPENDUID or COPYUID
        self.uid_floor = collections.defaultdict(int)     # the largest UID that was acknowledged
        self.modseq_floor = collections.defaultdict(int)  # the largest mod-sequence that anybody was told
        self.holders = {}        # (mailbox, uid) -> who won it by a conditional STORE
        self.commands = collections.Counter()
        self.told = collections.Counter()  # responses by kind

    def tell_content(self, mailbox, uid, subject):
        with self.lock:
            known = self.contents.setdefault((mailbox, uid), subject)
        if known != subject:
            raise Fault("%s UID %d was %r and is %r" % (mailbox, uid, known, subject))

    def content(self, mailbox, uid):
        with self.lock:
            return self.contents.get((mailbox, uid))

    def tell_recent(self, mailbox, uid, session):
        with self.lock:
            owner = self.recent.setdefault((mailbox, uid), session)
        if owner != session:
            raise Fault("%s UID %d is \\Recent for %s and for %s" % (mailbox, uid, owner, session))

    def mark(self, mailbox, uids):
        """\Deleted; before the command is sent."""
        with self.lock:
            self.marked.update((mailbox, uid) for uid in uids)

    def move(self, mailbox, uids):
        """Before the command is sent."""
        with self.lock:
            self.moved.update((mailbox, uid) for uid in uids)

    def vanish(self, mailbox, uid):
        with self.lock:
            self.vanished.add((mailbox, uid))

    def may_vanish(self, mailbox, uid):
        with self.lock:
            return not self.is_wanted((mailbox, uid), quiet=False)

    def is_wanted(self, key, quiet):
        """Nobody asked for its end. A copy has its original's flags, so it may go where that may."""
        if key in self.moved:
            return False
        while key is not None:
            # Until all is quiet nobody knows whose copy a message is that was not told to be acknowledged yet.
            if key in self.marked or (not quiet and key not in self.acknowledged):
                return False
            key = self.sources.get(key)
        return True

    def floors(self, mailbox):
        """What an answer to a command that is given now must reach: (UID, mod-sequence)."""
        with self.lock:
            return self.uid_floor[mailbox], self.modseq_floor[mailbox]

    def acknowledge(self, mailbox, uids, floor, sources=()):
        """New UIDs, told to whom the floor was this when the command was given; the originals of copies."""
        with self.lock:
            self.sources.update(zip(((mailbox, uid) for uid in uids), sources))
            for uid in uids:
                if uid <= floor:
                    raise Fault("%s UID %d is new, but %d was told before" % (mailbox, uid, floor))
                if (mailbox, uid) in self.acknowledged:
                    raise Fault("%s UID %d was given out twice" % (mailbox, uid))
                self.acknowledged.add((mailbox, uid))
                self.uid_floor[mailbox] = max(self.uid_floor[mailbox], uid)

    def tell_modseq(self, mailbox, modseq):
        with self.lock:
            self.modseq_floor[mailbox] = max(self.modseq_floor[mailbox], modseq)

    def win(self, mailbox, uid, session):
        with self.lock:
            holder = self.holders.setdefault((mailbox, uid), session)
        if holder != session:
            raise Fault("%s UID %d was won by %s and by %s" % (mailbox, uid, holder, session))

    def give_up(self, mailbox, uid):
        """Before the STORE that lets others win is sent."""
        with self.lock:
            self.holders.pop((mailbox, uid), None)

    # --- when all is quiet --------------------------------------------------------------------------------

    def judge(self, present):
        """`present`: (mailbox, uid) of all that is there."""
        for key in sorted(self.acknowledged - present):
            if self.is_wanted(key, quiet=True):
                raise Fault("%s UID %d was acknowledged and is lost" % key)
        for key in sorted(self.vanished):
            if self.is_wanted(key, quiet=True):
                raise Fault("%s UID %d vanished, and nobody wanted that" % key)
        for mailbox, uid in sorted(self.vanished & present):
            raise Fault("%s UID %d was told to be gone and is there" % (mailbox, uid))
