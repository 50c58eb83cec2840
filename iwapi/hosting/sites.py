"""Web sites by host name: which account a visit is for, and what it gets."""

from __future__ import annotations

from collections.abc import Iterator

from twisted.logger import Logger

from iwapi.hosting import page
from iwapi.hosting.conditions import Part, choose
from iwapi.hosting.directory import Directory, Site
from iwapi.hosting.files import Found, find, status_of
from iwapi.hosting.stream import FileStream
from iwapi.hosting.target import BadTarget, Target, read_target
from iwapi.hosting.visits import Visit

log = Logger()


class Sites:
    """Answers visits from the accounts' homes."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def answer(self, visit: Visit) -> None:
        """Answer a visit now; a file that is long goes on by itself."""
        try:
            self._answer(visit)
        except Exception:  # noqa: BLE001 - whatever it is, the visitor gets an answer
            log.failure("a visit could not be answered")
            if visit.startedWriting:
                visit.loseConnection()
            else:
                _send_error(visit, 500)

    def _answer(self, visit: Visit) -> None:
        try:
            target = read_target(visit.uri, visit.requestHeaders.getRawHeaders(b"host", []))
        except BadTarget:
            _send_error(visit, 400)
            return
        site = self._site(target.host)
        if site is None:
            visit.send(404, page.unknown())
            return
        visit.charge(site.account_id)
        if site.state == "suspended":
            visit.send(503, page.suspended())
        elif visit.method not in (b"GET", b"HEAD"):
            _send_error(visit, 405, (b"allow", b"GET, HEAD"))
        elif visit.requestHeaders.getRawHeaders(b"expect", [b"100-continue"])[0].lower() != b"100-continue":
            _send_error(visit, 417)
        elif site.redirect is not None:
            to = b"http://" + site.redirect.host.encode() + target.path()
            _send_error(visit, site.redirect.status, (b"location", to))
        else:
            _show(visit, site, target)

    def _site(self, host: str) -> Site | None:
        """A site of exactly this name, or else the one that this is the `www.` of."""
        site = self._directory.site(host)
        return self._directory.site(host[4:]) if site is None and host.startswith("www.") else site


def _show(visit: Visit, site: Site, target: Target) -> None:
    try:
        found = find(site, target)
    except OSError as error:
        _send_error(visit, status_of(error))
        return
    if found is None:
        _send_error(visit, 301, (b"location", target.path(slash=True)))
    else:
        _send_file(visit, found)


def _send_file(visit: Visit, found: Found) -> None:
    stream = FileStream(visit, found.descriptor)
    part = choose(visit.method, found.stamp, visit.getHeader)
    if part.status == 416:
        _send_error(visit, 416, (b"content-range", b"bytes */%d" % found.stamp.size))
        return
    visit.begin(part.status, *_about(found, part))
    if visit.method == b"HEAD":
        visit.finish()
    else:
        stream.send(part)


def _about(found: Found, part: Part) -> Iterator[tuple[bytes, bytes]]:
    yield b"last-modified", found.stamp.last_modified()
    yield b"etag", found.stamp.etag()
    if part.status == 304:
        return
    yield b"accept-ranges", b"bytes"
    yield b"content-type", found.media
    yield b"content-length", b"%d" % part.length
    if part.status == 206:
        last = part.start + part.length - 1
        yield b"content-range", b"bytes %d-%d/%d" % (part.start, last, found.stamp.size)


def _send_error(visit: Visit, status: int, *fields: tuple[bytes, bytes]) -> None:
    visit.send(status, page.status(status), *fields)
