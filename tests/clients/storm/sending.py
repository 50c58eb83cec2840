"""One request over a connection of its own, which may be cut at any moment."""

from __future__ import annotations

import random
import socket
import struct
import time
from contextlib import closing

SECONDS = 60
CUTS = ("half", "at once", "closed", "late")
"""After half of the request; when it is sent; the same, without a reset; a while after it was sent."""
_RESET = struct.pack("ii", 1, 0)


class Cut(Exception):
    """No answer came. `perhaps_heard` says that the server may have handed one over all the same."""

    def __init__(self, why: str, perhaps_heard: bool = False) -> None:
        super().__init__(why)
        self.perhaps_heard = perhaps_heard


def send(at: tuple[str, int], request: bytes, cut: str | None, chance: random.Random) -> tuple[int, bytes]:
    """The status and the body of the whole answer; raises `Cut`."""
    with closing(socket.socket()) as connection:
        connection.settimeout(SECONDS)
        try:
            connection.connect(at)
            if cut == "half":
                connection.sendall(request[: chance.randrange(len(request))])
                reset(connection)
                raise Cut(cut)
            connection.sendall(request)
            if cut in ("at once", "late"):
                if cut == "late":
                    time.sleep(chance.uniform(0, 0.2))
                reset(connection)
            if cut:
                raise Cut(cut, perhaps_heard=cut == "late")
            return _answer(connection)
        except OSError as error:
            raise Cut(repr(error)) from error


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


def _answer(connection: socket.socket) -> tuple[int, bytes]:
    came = b""
    while part := connection.recv(65536):
        came += part
    head, _, body = came.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), None
    )
    if length is None or len(body) < length:
        raise Cut(f"an answer broke off: {came[:100]!r}")
    return int(head[9:12]), body
