"""SOAP over HTTP: an envelope from a request, and the HTTP answer around an envelope."""

from __future__ import annotations

from collections.abc import Set

from iwapi.errors import ApiError, MustUnderstand, Unreadable
from iwapi.web.http import Request, Response, retry_after
from iwapi.wires.answers import CONTENT_TYPES
from iwapi.wires.gate import Envelope, Version, read_envelope, read_xml, soap_version

_MEDIA_TYPES = ("text/xml", "application/xml", "application/soap+xml")
_FORM = "application/x-www-form-urlencoded"


class Refused(Exception):
    """A request that is no call, and the version of SOAP that its fault is written in."""

    def __init__(self, version: Version, error: ApiError) -> None:
        super().__init__(error)
        self.version = version
        self.error = error


def is_xml(request: Request) -> bool:
    """Whether the body may be XML. Some clients call theirs a form; it is one if it does not begin as XML."""
    kind = request.media_type
    return kind in _MEDIA_TYPES or (kind == _FORM and request.body.startswith(b"<"))


def read(request: Request, understood: Set[str] = frozenset()) -> Envelope:
    """The envelope in a request; `understood` are the headers known here. Raises `Refused`."""
    version: Version = "1.2" if request.media_type == "application/soap+xml" else "1.1"
    try:
        root = read_xml(request.body, request.charset)
        version = soap_version(root)
        return read_envelope(root, understood)
    except ApiError as error:
        raise Refused(version, error) from None


def answers(version: Version, body: bytes) -> Response:
    """The HTTP answer around an envelope that is no fault."""
    return Response(200, body, CONTENT_TYPES[version])


def fails(version: Version, body: bytes, error: ApiError) -> Response:
    """The HTTP answer around a fault. After what could not be read the connection ends."""
    close = isinstance(error, Unreadable)
    return Response(_status(version, error), body, CONTENT_TYPES[version], retry_after(error), close=close)


def _status(version: Version, error: ApiError) -> int:
    """SOAP 1.1 knows 500 only; 1.2 tells apart what was read and is wrong. 503 says when to come back."""
    of_the_envelope = isinstance(error, MustUnderstand | Unreadable)
    if version == "1.2" and error.fault == "Client" and error.http == 500 and not of_the_envelope:
        return 400
    return error.http
