"""The accounts both servers have, with one password and one hash of it."""

DOMAIN = "bench.test"
PASSWORD = "a-bench-password"
# yescrypt with Postern's default cost (crypt(5)), made once from the password above.
HASH = "$y$j9T$WJaPXVK9jNK9kxqQoJaQip0Al6nAoIXB$3M5IlH/n8Ja/d/jAtZ9pyHDBP2BcBxnowqGfxcMMpW8"

DELIVERY_ACCOUNTS = 100
# Mailboxes that workloads read, beside u0001 … u0100 for deliveries.
NAMED = ["big", "million", "bodies", "large", "pop3", "one", "push", "mixed"]


def address(name):
    return name + "@" + DOMAIN


def all_addresses():
    numbered = ["u%04d" % number for number in range(1, DELIVERY_ACCOUNTS + 1)]
    return [address(name) for name in numbered + NAMED]


def pays_for_hash(account_address):
    """Dovecot checks a hash at every log-in, Postern remembers for a while: only the log-in workload, which is about
    that, lets Dovecot pay. Elsewhere it would hide how long a mailbox takes to open."""
    return account_address.partition("@")[0] not in NAMED
