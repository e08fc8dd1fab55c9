"""The accounts both servers have, with one password and one hash of it."""

DOMAIN = "bench.test"
PASSWORD = "a-bench-password"
# yescrypt with Postern's default cost (crypt(5)), made once from the password above.
HASH = "$y$j9T$WJaPXVK9jNK9kxqQoJaQip0Al6nAoIXB$3M5IlH/n8Ja/d/jAtZ9pyHDBP2BcBxnowqGfxcMMpW8"

# u0001 … take deliveries and work; h0001 … only log in; p0001 … wait, in IDLE or by phone: how fast the deliveries
# before them were must not tell in what they hold.
DELIVERY_ACCOUNTS = 100
HASHED_ACCOUNTS = 40
PHONE_ACCOUNTS = 100
# Mailboxes that workloads read.
NAMED = ["big", "million", "bodies", "large", "pop3", "one", "push", "near", "phone",
         "hundred", "evening", "restored", "purged"]


def address(name):
    return name + "@" + DOMAIN


def _numbered(prefix, count):
    return [address("%s%04d" % (prefix, number)) for number in range(1, count + 1)]


def all_addresses():
    numbered = [("u", DELIVERY_ACCOUNTS), ("h", HASHED_ACCOUNTS), ("p", PHONE_ACCOUNTS)]
    found = [one for prefix, count in numbered for one in _numbered(prefix, count)]
    return found + [address(name) for name in NAMED]


def pays_for_hash(account_address):
    """Dovecot checks a hash at every log-in, Postern remembers for a while: only the log-in workload, which is about
    that, lets Dovecot pay. Elsewhere it would hide how long a mailbox takes to open."""
    return account_address.startswith("h")
