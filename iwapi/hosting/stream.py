"""Sends a part of a file as fast as the visitor takes it, holding no more of it than a chunk or two."""

from __future__ import annotations

import os

from twisted.internet.interfaces import IPushProducer
from twisted.web.http import Request
from zope.interface import implementer

from iwapi.hosting.conditions import Part

_CHUNK = 64 * 1024  # a transport asks for a pause beyond this


@implementer(IPushProducer)
class FileStream:
    """The body of one answer. It owns the descriptor, which is closed when the answer ends, however it ends.

    A file that turns out shorter than the head said ends the connection, which tells the visitor.
    """

    def __init__(self, request: Request, descriptor: int) -> None:
        request.notifyFinish().addBoth(lambda _: os.close(descriptor))
        self._request = request
        self._descriptor = descriptor
        self._at = self._end = 0
        self._paused = False

    def send(self, part: Part) -> None:
        """Send this part and finish the request, whose head must be set."""
        self._at, self._end = part.start, part.start + part.length
        if part.length > _CHUNK:
            self._request.registerProducer(self, True)
        self.resumeProducing()

    def resumeProducing(self) -> None:
        self._paused = False
        while self._at < self._end and not self._paused:
            chunk = self._read()
            if not chunk:
                self._unregister()
                self._request.loseConnection()
                return
            self._at += len(chunk)
            self._request.write(chunk)
        if self._at == self._end:
            self._unregister()
            self._request.finish()

    def pauseProducing(self) -> None:
        self._paused = True

    def stopProducing(self) -> None:
        self._paused = True

    def _read(self) -> bytes:
        try:
            return os.pread(self._descriptor, min(_CHUNK, self._end - self._at), self._at)
        except OSError:
            return b""

    def _unregister(self) -> None:
        if self._request.producer:
            self._request.unregisterProducer()
