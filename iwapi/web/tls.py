"""TLS of the listeners: a certificate from two files, taken anew when they change."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificates
from OpenSSL import SSL
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from twisted.internet.ssl import CertificateOptions, TLSVersion
from twisted.protocols.tls import TLSMemoryBIOProtocol
from zope.interface import implementer

log = logging.getLogger(__name__)

_Stamp = tuple[tuple[int, int, int], ...]


class CertificateError(Exception):
    """The files hold no certificate chain and its key, in one sentence."""


@implementer(IOpenSSLServerConnectionCreator)
class Certificate:
    """A certificate chain and its key, PEM. Raises `CertificateError` when they cannot be used.

    The files are looked at for each new connection. While what is in them cannot be used, the certificate
    that was loaded last is kept; that is logged once for each change.
    """

    def __init__(self, chain: Path, key: Path) -> None:
        self._files = (chain, key)
        self._stamp = self._look()
        self._options = _load(chain, key)

    def use(self, chain: Path, key: Path) -> None:
        """Take the certificate from other files from now on."""
        self._files = (chain, key)
        self._refresh()

    def serverConnectionForTLS(self, tlsProtocol: TLSMemoryBIOProtocol) -> SSL.Connection:
        self._refresh()
        return self._options.serverConnectionForTLS(tlsProtocol)

    def _refresh(self) -> None:
        stamp = self._look()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._options = _load(*self._files)
        except CertificateError as error:
            log.error("the certificate stays as it was: %s", error)
        else:
            log.info("the certificate was loaded from %s", self._files[0])

    def _look(self) -> _Stamp:
        """What tells whether the files were written or replaced."""
        try:
            stats = [path.stat() for path in self._files]
        except OSError:
            return ()
        return tuple((stat.st_mtime_ns, stat.st_ino, stat.st_size) for stat in stats)


def _load(chain: Path, key: Path) -> CertificateOptions:
    try:
        # pyOpenSSL takes these as they are; the annotations of Twisted are older.
        private: Any = load_pem_private_key(key.read_bytes(), None)
        certificates: Any = load_pem_x509_certificates(chain.read_bytes())
        first, *others = certificates
        options = CertificateOptions(
            privateKey=private,
            certificate=first,
            extraCertChain=others,
            insecurelyLowerMinimumTo=TLSVersion.TLSv1_2,
            enableSessions=True,
            enableSessionTickets=True,
            acceptableProtocols=[b"http/1.1"],
        )
        options.getContext()  # fails now, if the key is not the certificate's
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm, SSL.Error) as error:
        raise CertificateError(f"{chain} and {key} are no certificate and its key ({error})") from error
    return options
