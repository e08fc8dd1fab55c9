"""The mailboxes that workloads read: delivered by LMTP once, then kept as a copy of the server's files, so that every
run starts from the same state and only the first pays for loading."""
import dataclasses
import glob
import hashlib
import json
import os
import shutil
import stat
import subprocess
import time

import accounts

LOADING_CONNECTIONS = 32
# Goes into the Message-IDs of what is loaded; searches ask for them.
RUN = "loaded"


@dataclasses.dataclass(frozen=True)
class Mailbox:
    account: str
    messages: int
    sizes: str = "small"
    octets: int = 0

    @property
    def key(self):
        return "%s-%d-%s-%d" % (self.account, self.messages, self.sizes, self.octets)


def discard(path):
    """Out of the way at once. Its octets go in the background: where a disk is mounted with discard, unlinking 10,000
    files takes half a minute."""
    if not os.path.exists(path):
        return
    doomed = "%s.doomed-%d-%d" % (path, os.getpid(), time.monotonic_ns())
    os.rename(path, doomed)
    subprocess.Popen(["rm", "-rf", doomed], start_new_session=True, stdin=subprocess.DEVNULL)


def discard_leftovers(folder):
    """Of a run that was killed."""
    for above in (folder, os.path.join(folder, "cache")):
        for path in glob.glob(os.path.join(above, "*.doomed-*")) + glob.glob(os.path.join(above, "*.new")):
            discard(path)


def copy_tree(source, target, never_changes=None):
    """With owners and modes. Files that no server ever changes are linked, not copied."""
    discard(target)
    if never_changes is None:
        subprocess.run(["cp", "-a", "--reflink=auto", source, target], check=True)
        return
    subprocess.run(["cp", "-al", source, target], check=True)
    for above, _, names in os.walk(target):
        for name in names:
            path = os.path.join(above, name)
            facts = os.lstat(path)
            if stat.S_ISREG(facts.st_mode) and not never_changes(path):
                shutil.copy2(path, path + ".copy")
                os.chown(path + ".copy", facts.st_uid, facts.st_gid)
                os.replace(path + ".copy", path)


class Cache:
    """Copies of servers' home folders, one for each kind of server."""

    def __init__(self, folder, say):
        self.folder, self.say = folder, say

    def place(self, server, variant):
        return os.path.join(self.folder, server.name.lower() + "-" + variant)

    def restore(self, server, variant):
        """The mailboxes that the server now has, by key."""
        place = self.place(server, variant)
        note = os.path.join(place, "loaded.json")
        if not os.path.exists(note):
            discard(server.home)
            os.makedirs(server.home)
            os.chmod(server.home, 0o711)
            return []
        copy_tree(place, server.home, server.never_changes)
        with open(note, encoding="ascii") as file:
            return json.load(file)

    def keep(self, server, variant, loaded):
        place = self.place(server, variant)
        fresh = place + ".new"
        os.makedirs(self.folder, exist_ok=True)
        copy_tree(server.home, fresh, server.never_changes)
        with open(os.path.join(fresh, "loaded.json"), "w", encoding="ascii") as file:
            json.dump(loaded, file)
        discard(place)
        os.rename(fresh, place)


def schema_of(root):
    """Names the database schema of this tree: loaded data of another one is not used."""
    digest = hashlib.sha256()
    for path in sorted(glob.glob(os.path.join(root, "storage/postgres/migrations/*.sql"))):
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()[:12]


def prepare(server, cache, variant, wanted, client):
    """Leaves the server stopped, with its accounts and the wanted mailboxes."""
    loaded = cache.restore(server, variant)
    server.prepare()
    missing = [mailbox for mailbox in wanted if mailbox.key not in loaded]
    if not missing:
        return
    # Another size of the same mailbox would be added to: then from nothing.
    present = {key.rsplit("-", 3)[0] for key in loaded}
    if present & {mailbox.account for mailbox in missing}:
        discard(cache.place(server, variant))
        return prepare(server, cache, variant, wanted, client)
    server.start(loading=True)
    try:
        for mailbox in missing:
            cache.say("loading %d messages for %s into %s" % (mailbox.messages, mailbox.account, server.name))
            client("deliver", server, to=accounts.address(mailbox.account), count=mailbox.messages, run=RUN,
                   connections=min(LOADING_CONNECTIONS, mailbox.messages), sizes=mailbox.sizes, octets=mailbox.octets)
        server.settle()
    finally:
        server.stop()
    cache.keep(server, variant, loaded + [mailbox.key for mailbox in missing])
