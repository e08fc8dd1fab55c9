"""Dovecot, as Debian packages it, with a configuration and processes of its own."""
import os
import re
import subprocess

import accounts
import processes

# Mail belongs to a number that no user of the machine has.
MAIL_ID = 61001

# What a provider sets, and no more: limits that hold the load, log-in processes that stay, cached lookups.
# Everything else, mail_fsync among it, is as Dovecot ships it.
CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
info_log_path = /dev/null
protocols = imap pop3 lmtp
listen = 127.0.0.1
instance_name = postern-bench
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_cache_size = 16M
auth_cache_ttl = 1 hour
auth_cache_negative_ttl = 0
first_valid_uid = {mail_id}
mail_location = {format}:~/mail
mail_fsync = {fsync}
mail_max_userip_connections = 20000
default_client_limit = 30000
default_process_limit = 200
verbose_proctitle = no

passdb {{
  driver = passwd-file
  args = {home}/users
}}
userdb {{
  driver = passwd-file
  args = {home}/users
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  service_count = 0
  process_min_avail = {cores}
  client_limit = 15000
  vsz_limit = 1G
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  service_count = 0
  process_min_avail = {cores}
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 15000
}}
service lmtp {{
  process_min_avail = 8
  process_limit = 200
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"""


class Dovecot:
    name = "Dovecot"

    def __init__(self, home, certificate, mail_format, ports=None):
        self.home, self.format, self.certificate = home, mail_format, certificate
        names = ("imap", "imaps", "pop3", "pop3s", "lmtp")
        self.ports = dict(zip(names, ports or processes.free_ports(len(names))))
        self.process = None

    @property
    def description(self):
        version = subprocess.run(["dovecot", "--version"], capture_output=True, text=True, check=True).stdout
        return "Dovecot %s, %s" % (version.split()[0], self.format)

    @property
    def log(self):
        return os.path.join(self.home, "dovecot.log")

    @property
    def data(self):
        return os.path.join(self.home, "mail")

    @property
    def never_changes(self):
        """Which files are written once: one message each. mdbox appends to its files."""
        if self.format == "mdbox":
            return None
        return lambda path: re.search(r"/u\.\d+$|/(cur|new)/[^/]+$", path) is not None

    def prepare(self):
        """Accounts, if there are none yet."""
        os.makedirs(self.data, exist_ok=True)
        os.chown(self.data, MAIL_ID, MAIL_ID)
        with open(os.path.join(self.home, "users"), "w", encoding="ascii") as file:
            for address in accounts.all_addresses():
                folder = os.path.join(self.data, address)
                secret = "{CRYPT}" + accounts.HASH if accounts.pays_for_hash(address) else "{PLAIN}" + accounts.PASSWORD
                file.write("%s:%s:%d:%d::%s::\n" % (address, secret, MAIL_ID, MAIL_ID, folder))

    def start(self, loading=False):
        """loading: without fsync, for mail that is only there to be read later."""
        path = os.path.join(self.home, "dovecot.conf")
        certificate, key = self.certificate
        with open(path, "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(
                home=self.home, certificate=certificate, key=key, format=self.format, mail_id=MAIL_ID,
                fsync="never" if loading else "optimized", cores=os.cpu_count(), **self.ports))
        self.process = processes.start(["dovecot", "-F", "-c", path], self.log)
        processes.wait_for_port(self.ports["lmtp"], self.process, self.log)

    def stop(self):
        processes.stop(self.process)
        self.process = None

    def settle(self):
        """Dovecot prepares nothing behind deliveries."""

    def forget_text_index(self):
        """There is none."""
