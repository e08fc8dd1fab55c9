"""The next hop for mail that goes out: counts what it takes, and can be killed and started again."""
import contextlib
import email
import socket
import socketserver
import threading


class Smarthost(socketserver.ThreadingTCPServer):
    """A small SMTP server that counts what it takes."""
    allow_reuse_address = True
    daemon_threads = False  # server_close() waits for those that have a message in hand

    def __init__(self, port=0):
        self.taken = []
        self.sessions = []
        super().__init__(("127.0.0.1", port), SmarthostSession)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def take(self, octets):
        self.taken.append(email.message_from_bytes(octets)["Subject"])

    def process_request(self, request, client_address):
        self.sessions.append(request)
        super().process_request(request, client_address)

    def stop(self):
        """Breaks messages off that have not wholly come. What has come is counted and answered for: were it not, it
        would be sent a second time, and rightly (RFC 5321 section 4.1.1.4)."""
        self.shutdown()
        for session in self.sessions:
            with contextlib.suppress(OSError):
                session.shutdown(socket.SHUT_RD)
        self.server_close()


class SmarthostSession(socketserver.StreamRequestHandler):
    def handle(self):
        with contextlib.suppress(OSError):  # who sends may be killed at any time
            self.talk()

    def talk(self):
        self.wfile.write(b"220 smarthost\r\n")
        while True:
            line = self.rfile.readline()
            verb = line[:4].upper()
            if verb in (b"", b"QUIT"):
                return
            if verb != b"DATA":
                self.wfile.write(b"250 8BITMIME\r\n")
                continue
            self.wfile.write(b"354 go on\r\n")
            octets = b""
            while not octets.endswith(b"\r\n.\r\n"):
                part = self.rfile.readline()
                if not part:
                    return
                octets += part
            self.server.take(octets[:-len(b".\r\n")])
            self.wfile.write(b"250 taken\r\n")


def use(stopped, smarthost):
    """Has a stopped gateway send its mail there, and try again soon."""
    with open(stopped.config, encoding="utf-8") as file:
        text = file.read()
    begin = text.index("relay:")
    port = smarthost.server_address[1]
    relay = text[begin:].replace("port: %d" % stopped.ports["lmtp"], "port: %d" % port, 1)
    relay = relay.replace("protocol: lmtp", "protocol: smtp", 1).replace("retry_min_s: 60", "retry_min_s: 1", 1)
    relay = relay.replace("retry_max_s: 3600", "retry_max_s: 1", 1)
    with open(stopped.config, "w", encoding="utf-8") as file:
        file.write(text[:begin] + relay)
