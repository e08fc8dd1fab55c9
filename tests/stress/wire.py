"""One IMAP connection as octets: commands out, responses in as nested lists (RFC 3501 section 9). What a response
means is the view's affair."""
import collections
import re
import select
import socket
import zlib

TIMEOUT_S = 60


class Fault(Exception):
    """The server did something that it must not do."""


class Response:
    """`* 3 FETCH (UID 7)` has the words ["*", "3", "FETCH", ["UID", "7"]]; `code` is what stands in brackets."""

    def __init__(self, words, code=""):
        self.words = words
        self.code = code

    @property
    def tag(self):
        return self.words[0]

    @property
    def condition(self):
        return self.words[1]


class Wire:
    def __init__(self, port, name):
        self.name = name
        self.dialogue = collections.deque(maxlen=40)
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.deflate = self.inflate = None
        self.tags = 0

    def next_tag(self):
        self.tags += 1
        return "t%d" % self.tags

    def send(self, text):
        octets = text if isinstance(text, bytes) else text.encode()
        self.dialogue.append("C: " + octets[:200].decode(errors="replace").rstrip())
        if self.deflate:
            octets = self.deflate.compress(octets) + self.deflate.flush(zlib.Z_SYNC_FLUSH)
        self.socket.sendall(octets)

    def compress(self):
        """Both directions, from here on (RFC 4978)."""
        self.deflate = zlib.compressobj(wbits=-15)
        self.inflate = zlib.decompressobj(wbits=-15)

    def close(self):
        self.socket.close()

    def has_input(self, seconds=0.0):
        return bool(self.buffer) or bool(select.select([self.socket], [], [], seconds)[0])

    def _fill(self):
        octets = self.socket.recv(65536)
        if not octets:
            raise Fault("the connection was closed")
        self.buffer += self.inflate.decompress(octets) if self.inflate else octets

    def _line(self):
        while True:
            end = self.buffer.find(b"\r\n")
            if end >= 0:
                line, self.buffer = self.buffer[:end], self.buffer[end + 2:]
                return line
            self._fill()

    def _octets(self, count):
        while len(self.buffer) < count:
            self._fill()
        octets, self.buffer = self.buffer[:count], self.buffer[count:]
        return octets

    def response(self):
        line = self._line()
        literals = []
        text = line
        while True:
            announced = re.search(rb"\{(\d+)\}$", line)
            if not announced:
                break
            literals.append(self._octets(int(announced.group(1))))
            line = self._line()
            text += b"\r\n" + line
        shown = text.decode(errors="replace")
        self.dialogue.append("S: " + shown[:200])
        if shown.startswith("+"):
            return Response(["+"])
        return parse(shown, literals)


TOKEN = re.compile(r'\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|\{(\d+)\}\r\n|((?:[^\s()"\[]|\[[^\]]*\])+))')


def parse(text, literals):
    status = re.match(r"(\S+) (OK|NO|BAD|BYE|PREAUTH) (?:\[([^\]]*)\])?", text)
    if status:
        return Response([status.group(1), status.group(2)], status.group(3) or "")
    literals = iter(literals)
    open_lists = [[]]
    at = 0
    while at < len(text):
        token = TOKEN.match(text, at)
        if not token:
            raise Fault("a response that is none: " + text[:200])
        at = token.end()
        begins, ends, quoted, literal, atom = token.groups()
        if begins:
            open_lists.append([])
        elif ends:
            if len(open_lists) < 2:
                raise Fault("a parenthesis too many: " + text[:200])
            closed = open_lists.pop()
            open_lists[-1].append(closed)
        elif literal is not None:
            open_lists[-1].append(next(literals).decode(errors="replace"))
        else:
            open_lists[-1].append(atom if atom is not None else quoted)
    if len(open_lists) != 1:
        raise Fault("a parenthesis too few: " + text[:200])
    return Response(open_lists[0])


def numbers_of(text):
    """"2,4:6" as [2, 4, 5, 6], in that order."""
    numbers = []
    for item in text.split(","):
        first, _, last = item.partition(":")
        first, last = int(first), int(last or first)
        numbers.extend(range(first, last + 1) if first <= last else range(first, last - 1, -1))
    return numbers
