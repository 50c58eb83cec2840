"""The certificate of a server that was given none: signed by itself, kept in the state folder."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

_LIFE = timedelta(days=820)  # Apple's clients accept no certificate of 825 days or more
_RENEW_BEFORE = timedelta(days=30)


def self_signed(folder: Path, hostname: str, now: datetime) -> tuple[Path, Path]:
    """The files of a certificate for the host name and this machine itself, and of its key.

    They are made when they are missing, made for other names, or about to expire.
    """
    chain, key = folder / "self-signed.crt", folder / "self-signed.key"
    names = _names(hostname)
    if not _still_good(chain, key, names, now):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        private = ec.generate_private_key(ec.SECP256R1())
        secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write(key, secret, 0o600)
        _write(chain, _certificate(private, hostname, names, now).public_bytes(Encoding.PEM), 0o644)
    return chain, key


def _names(hostname: str) -> list[x509.GeneralName]:
    local = [ipaddress.ip_address(text) for text in ("127.0.0.1", "::1")]
    return [x509.DNSName(name) for name in dict.fromkeys((hostname, "localhost"))] + [
        x509.IPAddress(address) for address in local
    ]


def _still_good(chain: Path, key: Path, names: Sequence[x509.GeneralName], now: datetime) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate(chain.read_bytes())
        private = load_pem_private_key(key.read_bytes(), None)
        named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    fits = private.public_key() == certificate.public_key() and list(named) == list(names)
    return fits and certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - _RENEW_BEFORE


def _certificate(
    private: ec.EllipticCurvePrivateKey, hostname: str, names: Sequence[x509.GeneralName], now: datetime
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, hostname[:64])])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    itself = x509.SubjectKeyIdentifier.from_public_key(private.public_key())
    issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(itself)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - timedelta(days=1))
        .not_valid_after(now.astimezone(UTC) + _LIFE)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(itself, critical=False)
        .add_extension(issuer, critical=False)
        .sign(private, hashes.SHA256())
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    """Put the file in place whole, never readable by others than `mode` says."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    fresh.rename(path)
