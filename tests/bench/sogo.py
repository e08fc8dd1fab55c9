"""SOGo with its ActiveSync module, as Debian packages both, over the bench's Dovecot: a PostgreSQL, a memcached and
processes of its own. It has no TLS, which is a web server's in front of it."""
import imaplib
import os
import pwd
import shutil
import subprocess

import accounts
import distant
import dovecot
import processes

WORKERS = 24  # a hanging Ping takes one whole
START_S_MAX = 60

# A user is an address, with the password that all have; IMAP is asked with the same.
USERS_TABLE = """
CREATE TABLE sogo_users (c_uid text PRIMARY KEY, c_name text, c_password text, c_cn text, mail text);
INSERT INTO sogo_users SELECT a, a, '{password}', a, a FROM unnest(ARRAY[{addresses}]) AS a;
"""


class Sogo:
    name = "SOGo"

    sync_path = "/SOGo/Microsoft-Server-ActiveSync"  # a web server in front would leave out the first word

    def __init__(self, home, certificate, mail_format):
        self.home = home
        ports = processes.free_ports(8, skip=12)  # behind Dovecot's and Postern's
        self.memcached_port, self.http_port = ports[5:7]
        self.dovecot = dovecot.Dovecot(os.path.join(home, "dovecot"), certificate, mail_format, ports[:5])
        self.ports = dict(self.dovecot.ports, http=self.http_port)
        self.database = distant.Database(os.path.join(home, "database"), ports[7])
        self.running = []

    @property
    def never_changes(self):
        return self.dovecot.never_changes

    @property
    def data(self):
        return self.dovecot.data

    @property
    def description(self):
        version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "sogo"], capture_output=True, text=True,
                                 check=True).stdout
        return "SOGo %s over %s" % (version.partition("-")[0], self.dovecot.description)

    @property
    def process(self):
        """The tree whose memory and time are SOGo's: of sogod alone, which flatters it."""
        return self.running[-1]

    def log(self, what):
        return os.path.join(self.home, what + ".log")

    def prepare(self):
        """Mail is kept; what SOGo knows of devices is made anew at each start."""
        os.makedirs(self.dovecot.home, exist_ok=True)
        for folder in (self.home, self.dovecot.home):
            os.chmod(folder, 0o711)
        self.dovecot.prepare()

    def start(self, loading=False):
        self.dovecot.start(loading)
        if loading:
            return
        self._ask_for_modseqs()
        self._start_database()
        self._start(["memcached", "-u", "memcache", "-l", "127.0.0.1", "-p", str(self.memcached_port)], "memcached")
        folder = os.path.join(self.home, "run")
        os.makedirs(folder, exist_ok=True)
        user = pwd.getpwnam("sogo")  # it does not run as root
        os.chown(folder, user.pw_uid, user.pw_gid)
        given = [word for name, value in self._settings(folder).items() for word in ("-" + name, value)]
        self._start(["/usr/sbin/sogod", *given], "sogod", user=user.pw_uid, group=user.pw_gid, extra_groups=[],
                    env=dict(os.environ, HOME=folder))
        processes.wait_for_port(self.http_port, self.process, self.log("sogod"), START_S_MAX)

    def stop(self):
        for process in reversed(self.running):
            processes.stop(process)
        self.running = []
        self.database.stop()
        shutil.rmtree(self.database.folder, ignore_errors=True)
        self.dovecot.stop()

    def settle(self):
        self.dovecot.settle()

    def _ask_for_modseqs(self):
        """Dovecot counts mod-sequences of a mailbox from the first change after somebody asks; SOGo, which does not ask,
        takes a mailbox without them for empty."""
        for address in accounts.all_addresses():
            with imaplib.IMAP4("127.0.0.1", self.dovecot.ports["imap"]) as session:
                session.login(address, accounts.PASSWORD)
                session.enable("CONDSTORE")
                messages = session.select("INBOX")[1][0]
                for change in ("+FLAGS.SILENT", "-FLAGS.SILENT") if messages != b"0" else ():
                    session.store("1", change, "(\\Flagged)")

    def _start(self, command, what, **options):
        self.running.append(processes.start(command, self.log(what), cwd=self.home, **options))

    def _start_database(self):
        shutil.rmtree(self.database.folder, ignore_errors=True)
        self.database.start()
        addresses = ", ".join("'%s'" % address for address in accounts.all_addresses())
        subprocess.run(["psql", "-q", "-h", "127.0.0.1", "-p", str(self.database.port), "-U", "postern", "-c",
                        USERS_TABLE.format(password=accounts.PASSWORD, addresses=addresses), "postern"],
                       capture_output=True, check=True)

    def _settings(self, folder):
        database = "postgresql://postern:x@127.0.0.1:%d/postern/" % self.database.port
        return {
            "WONoDetach": "YES", "WOLogFile": "-", "WOPidFile": os.path.join(folder, "sogo.pid"),
            "WOPort": "127.0.0.1:%d" % self.http_port, "WOWorkersCount": str(WORKERS),
            "SxVMemLimit": "2000", "SOGoMemcachedHost": "127.0.0.1:%d" % self.memcached_port,
            "SOGoProfileURL": database + "sogo_user_profile",
            "OCSFolderInfoURL": database + "sogo_folder_info",
            "OCSSessionsFolderURL": database + "sogo_sessions_folder",
            "SOGoUserSources": '({type = sql; id = users; viewURL = "%ssogo_users"; canAuthenticate = YES; '
                               'isAddressBook = NO; userPasswordAlgorithm = plain; MailFieldNames = (mail);})' % database,
            "SOGoIMAPServer": "imap://127.0.0.1:%d" % self.dovecot.ports["imap"],
            "SOGoSentFolderName": "Sent", "SOGoTrashFolderName": "Trash", "SOGoDraftsFolderName": "Drafts",
            "SOGoTimeZone": "UTC", "SOGoEnableEMailAlarms": "NO",
            # Its own defaults otherwise; it looks for news as often as its manual advises for push.
            "SOGoMaximumPingInterval": "3540", "SOGoMaximumSyncInterval": "3540", "SOGoInternalSyncInterval": "10",
        }
