"""The selected mailbox as one client believes it to be, from nothing but what it was told (RFC 3501 section 7). Every
response is held against what was told before."""
from wire import Fault, numbers_of

# While these run the client's message numbers are in the air (RFC 3501 section 7.4.1).
NO_EXPUNGE = ("FETCH", "STORE", "SEARCH", "SORT", "THREAD")


class View:
    def __init__(self, world, mailbox, session, read_only=False):
        self.world = world
        self.mailbox = mailbox
        self.session = session
        self.read_only = read_only
        self.uids = []      # by message number; None: not told yet
        self.flags = {}     # uid -> flags without \Recent
        self.modseqs = {}   # uid -> mod-sequence
        self.mine = session.mine.setdefault(mailbox, {})  # uid -> whether it has this session's own keyword
        self.highest = 0    # HIGHESTMODSEQ as of SELECT
        self.vanished_earlier = set()
        self.gone = set()   # UIDs that were told to be no more
        self.lists_all = False  # the running command is a UID SEARCH RETURN (ALL) ALL
        self.fetched = {}   # uid -> flags, as the running command first told them

    # --- responses ----------------------------------------------------------------------------------------

    def take(self, words, command):
        """An untagged response during `command` ("" for none)."""
        if words[1] == "ESEARCH" and self.lists_all:
            self.listed(numbers_of(words[words.index("ALL") + 1]) if "ALL" in words else [])
        elif words[1] == "VANISHED":
            self.vanished(words, command)
        elif len(words) > 2 and words[2] == "EXPUNGE":
            self.expunged(int(words[1]), command)
        elif len(words) > 2 and words[2] == "EXISTS":
            self.exists(int(words[1]))
        elif len(words) > 2 and words[2] == "FETCH":
            self.fetch(int(words[1]), words[3])
        elif len(words) > 2 and words[2] == "RECENT":
            if int(words[1]) > len(self.uids):
                raise Fault("more \\Recent than messages")

    def exists(self, count):
        if count < len(self.uids):
            raise Fault("EXISTS fell from %d to %d" % (len(self.uids), count))
        self.uids += [None] * (count - len(self.uids))

    def expunged(self, number, command):
        if command in NO_EXPUNGE or not command:
            raise Fault("EXPUNGE during %r" % command)
        if not 1 <= number <= len(self.uids):
            raise Fault("EXPUNGE of %d of %d" % (number, len(self.uids)))
        self.forget(self.uids.pop(number - 1))

    def vanished(self, words, command):
        earlier = isinstance(words[2], list)
        uids = numbers_of(words[-1])
        if earlier:
            self.vanished_earlier.update(uids)
            return
        if command in NO_EXPUNGE or not command:
            raise Fault("VANISHED during %r" % command)
        for uid in uids:
            self.uids.pop(self.place_of(uid))
            self.forget(uid)

    def place_of(self, uid):
        """Where the message is; or may be, among those whose UIDs were not told."""
        if uid in self.uids:
            return self.uids.index(uid)
        below = 0
        for place, known in enumerate(self.uids):
            if known is None and below < uid:
                above = next((later for later in self.uids[place:] if later is not None), uid + 1)
                if above > uid:
                    return place
            below = known or below
        raise Fault("VANISHED %d, which is not in the view" % uid)

    def forget(self, uid):
        if uid is None:
            return
        self.gone.add(uid)
        self.flags.pop(uid, None)
        self.modseqs.pop(uid, None)
        self.world.vanish(self.mailbox, uid)

    def fetch(self, number, items):
        if not 1 <= number <= len(self.uids):
            raise Fault("FETCH of %d of %d" % (number, len(self.uids)))
        told = dict(zip(items[0::2], items[1::2]))
        uid = self.uids[number - 1]
        if "UID" in told:
            if uid is None:
                uid = self.learn(number, int(told["UID"]))
            elif uid != int(told["UID"]):
                raise Fault("message %d was UID %d and is UID %s" % (number, uid, told["UID"]))
        if uid is None:
            return
        if "FLAGS" in told:
            self.take_flags(uid, set(told["FLAGS"]))
        if "MODSEQ" in told:
            self.take_modseq(uid, int(told["MODSEQ"][0]))
        for name, value in told.items():
            if name.startswith("BODY[HEADER.FIELDS") and value.startswith("Subject: "):
                self.world.tell_content(self.mailbox, uid, value.split()[1])

    def listed(self, uids):
        """What has gone already, and will be told to be gone, may be missing."""
        missing = [uid for uid in self.known() if uid not in uids]
        if len(uids) > len(self.uids) or any(not self.world.may_vanish(self.mailbox, uid) for uid in missing):
            raise Fault("SEARCH ALL found %d of %d" % (len(uids), len(self.uids)))
        if len(uids) < len(self.uids):
            return
        if any(known not in (None, uid) for known, uid in zip(self.uids, uids)):
            raise Fault("SEARCH ALL has other UIDs than the view")
        self.uids = list(uids)

    def learn(self, number, uid):
        if uid in self.uids:
            raise Fault("UID %d is message %d and message %d" % (uid, self.uids.index(uid) + 1, number))
        below = [known for known in self.uids[:number - 1] if known is not None]
        above = [known for known in self.uids[number:] if known is not None]
        if (below and below[-1] >= uid) or (above and above[0] <= uid):
            raise Fault("UIDs do not ascend at message %d, UID %d" % (number, uid))
        self.uids[number - 1] = uid
        return uid

    def take_flags(self, uid, flags):
        if "\\Recent" in flags:
            flags.discard("\\Recent")
            if not self.read_only:
                self.world.tell_recent(self.mailbox, uid, self.session.instance)
        if uid in self.mine and (self.session.keyword in flags) != self.mine[uid]:
            raise Fault("%s UID %d: a change of %s was lost" % (self.mailbox, uid, self.session.keyword))
        self.flags[uid] = frozenset(flags)
        self.fetched.setdefault(uid, frozenset(flags))

    def take_modseq(self, uid, modseq):
        if modseq < self.modseqs.get(uid, 0):
            raise Fault("MODSEQ of UID %d fell from %d to %d" % (uid, self.modseqs[uid], modseq))
        self.modseqs[uid] = modseq
        self.world.tell_modseq(self.mailbox, modseq)

    # --- what the client can say of it ---------------------------------------------------------------------

    def largest_before_unknown(self):
        """Of those that stand before the first whose UID was not told."""
        return max(self.uids[:self.uids.index(None)], default=0)

    def known(self):
        return [uid for uid in self.uids if uid is not None]

    def changed_silently(self, uids, add, flags):
        for uid in uids:
            if uid in self.flags:
                self.flags[uid] = self.flags[uid] | flags if add else self.flags[uid] - flags
