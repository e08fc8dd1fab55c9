"""A client that was away: it has what it knew of a mailbox, asks for what happened since (RFC 7162), and must then know
exactly what is there."""
from session import Session
from wire import Fault


class Cache:
    """One mailbox as a client keeps it on disk. `how`: "CONDSTORE" or "QRESYNC"."""

    def __init__(self, world, account, number, mailbox, how, mine):
        self.world = world
        self.account = account
        self.number = number
        self.mailbox = mailbox
        self.mine = mine
        self.how = how
        self.flags = {}
        self.uid_validity = 0
        self.highest = 0

    def refresh(self):
        session = Session(self.world, self.account, self.number, self.how, self.mine)
        try:
            told = self.resynchronise(session) if self.how == "QRESYNC" else self.ask_changes(session)
            self.compare(session, int(told["UIDNEXT"]))
            self.uid_validity, self.highest = int(told["UIDVALIDITY"]), int(told["HIGHESTMODSEQ"])
            session.close_mailbox()
        except Fault as fault:
            raise session.described(fault) from None
        finally:
            session.close()

    def resynchronise(self, session):
        """Nothing but SELECT, once there is something to start from (RFC 7162 section 3.2.5)."""
        parameters = ""
        if self.highest:
            known = " 1:%d" % max(self.flags) if self.flags else ""
            parameters = " (QRESYNC (%d %d%s))" % (self.uid_validity, self.highest, known)
        told = session.select(self.mailbox, read_only=True, parameters=parameters)
        # It is told of the messages that it knows; the others it asks for.
        session.expect("UID FETCH %d:* (FLAGS)" % (max(self.flags, default=0) + 1 if self.highest else 1))
        self.take(session.view)
        return told

    def ask_changes(self, session):
        """As RFC 7162 section 6 has it for clients without QRESYNC."""
        told = session.select(self.mailbox, read_only=True, parameters=" (CONDSTORE)")
        session.expect("UID FETCH 1:* (FLAGS) (CHANGEDSINCE %d)" % self.highest)
        alive = session.list_all()
        self.flags = {uid: flags for uid, flags in self.flags.items() if uid in alive}
        self.take(session.view)
        return told

    def take(self, view):
        self.flags.update(view.flags)
        for uid in view.vanished_earlier | view.gone:
            self.flags.pop(uid, None)

    def compare(self, session, uid_next):
        """Between commands the view stands still. What came in after it was opened has only been counted; what others
        have removed, and this session was not told of yet, SEARCH need not have found."""
        session.view.fetched = {}
        session.expect("UID FETCH 1:* (FLAGS)")
        truth = session.view.fetched
        for uid in sorted(set(truth) | set(self.flags)):
            may_be_gone = self.how == "CONDSTORE" and self.world.may_vanish(self.mailbox, uid)
            if uid not in self.flags and (uid >= uid_next or may_be_gone):
                continue
            if self.flags.get(uid) != truth.get(uid):
                raise Fault("after the catch-up by %s UID %d of %s is %s, in truth %s"
                            % (self.how, uid, self.mailbox, self.flags.get(uid), truth.get(uid)))
        self.flags = dict(truth)
        self.take(session.view)
