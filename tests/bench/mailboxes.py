"""The mailboxes that workloads read: delivered by LMTP once, then kept as a copy of the server's files, so that every
run starts from the same state and only the first pays for loading."""
import dataclasses
import glob
import hashlib
import json
import os
import shutil
import subprocess

import accounts

LOADING_CONNECTIONS = 8
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


def copy_tree(source, target):
    """With owners and modes; without copying octets where the file system can share them."""
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", "--reflink=auto", source, target], check=True)


class Cache:
    """Copies of servers' home folders, one for each kind of server."""

    def __init__(self, folder, say):
        self.folder, self.say = folder, say

    def _place(self, server, variant):
        return os.path.join(self.folder, server.name.lower() + "-" + variant)

    def restore(self, server, variant):
        """The mailboxes that the server now has, by key."""
        place = self._place(server, variant)
        note = os.path.join(place, "loaded.json")
        if not os.path.exists(note):
            shutil.rmtree(server.home, ignore_errors=True)
            os.makedirs(server.home)
            os.chmod(server.home, 0o711)
            return []
        copy_tree(place, server.home)
        with open(note, encoding="ascii") as file:
            return json.load(file)

    def keep(self, server, variant, loaded):
        place = self._place(server, variant)
        fresh = place + ".new"
        os.makedirs(self.folder, exist_ok=True)
        copy_tree(server.home, fresh)
        with open(os.path.join(fresh, "loaded.json"), "w", encoding="ascii") as file:
            json.dump(loaded, file)
        shutil.rmtree(place, ignore_errors=True)
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
        shutil.rmtree(cache._place(server, variant))
        return prepare(server, cache, variant, wanted, client)
    server.start(loading=True)
    try:
        for mailbox in missing:
            cache.say("loading %d messages for %s into %s" % (mailbox.messages, mailbox.account, server.name))
            client("deliver", server, to=accounts.address(mailbox.account), count=mailbox.messages, run=RUN,
                   connections=min(LOADING_CONNECTIONS, mailbox.messages), sizes=mailbox.sizes, octets=mailbox.octets)
    finally:
        server.stop()
    cache.keep(server, variant, loaded + [mailbox.key for mailbox in missing])
