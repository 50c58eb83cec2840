"""TLS: the certificate a server makes itself, the files it is given, and how connections end."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509

from iwapi.web.selfsigned import self_signed
from iwapi.web.tls import Certificate, CertificateError
from tests.web.conftest import QUICK, Server, read_all, statuses

LAST = b"GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


class Files:
    """A certificate's chain and key."""

    def __init__(self, folder: Path, authority: trustme.CA, *names: str) -> None:
        self.chain, self.key = folder / "chain.pem", folder / "key.pem"
        self.authority = authority
        self.issue(*names)

    def issue(self, *names: str) -> None:
        made = self.authority.issue_cert(*names, key_type=trustme.KeyType.ECDSA)
        self.chain.write_bytes(b"".join(blob.bytes() for blob in made.cert_chain_pems))
        self.key.write_bytes(made.private_key_pem.bytes())


@pytest.fixture
def files(tmp_path: Path, authority: trustme.CA) -> Files:
    return Files(tmp_path, authority, "one.example")


def connect(server: Server, context: ssl.SSLContext, name: str = "localhost") -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    return context.wrap_socket(plain, server_hostname=name, suppress_ragged_eofs=False)


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def presented(server: Server) -> bytes:
    context = ssl._create_unverified_context()
    with connect(server, context) as connection:
        return connection.getpeercert(binary_form=True) or b""


@pytest.mark.parametrize("name", ["panel.example.net", "localhost", "127.0.0.1", "::1"])
def test_a_self_signed_certificate_can_be_trusted_by_its_file(
    start: Callable[..., Server], tmp_path: Path, name: str
) -> None:
    chain, key = self_signed(tmp_path / "tls", "panel.example.net", NOW)
    server = start(certificate=Certificate(chain, key))
    context = ssl.create_default_context(cafile=str(chain))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with connect(server, context, name) as connection:
        connection.sendall(LAST)
        assert statuses(read_all(connection)) == [200]
    assert server.echo.asked[0].secure


@pytest.mark.needs("curl")
def test_curl_trusts_it_too(start: Callable[..., Server], tmp_path: Path) -> None:
    chain, key = self_signed(tmp_path / "tls", "panel.example.net", NOW)
    server = start(certificate=Certificate(chain, key))
    command = ["curl", "-sS", "--cacert", str(chain), "-w", "%{http_code} %{http_version}", "-o", "/dev/null"]
    run = subprocess.run([*command, f"https://localhost:{server.port}"], capture_output=True, text=True)
    assert run.stdout == "200 1.1", run.stderr


def test_the_key_of_a_self_signed_certificate_is_its_owners_alone(tmp_path: Path) -> None:
    chain, key = self_signed(tmp_path / "tls", "localhost", NOW)
    assert key.stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE" not in chain.read_bytes()


@pytest.mark.parametrize(
    ("hostname", "later", "same"),
    [
        ("panel.example.net", timedelta(days=700), True),
        ("panel.example.net", timedelta(days=800), False),
        ("other.example.net", timedelta(), False),
    ],
)
def test_a_self_signed_certificate_is_made_anew_when_it_no_longer_serves(
    tmp_path: Path, hostname: str, later: timedelta, same: bool
) -> None:
    before = self_signed(tmp_path, "panel.example.net", NOW)[0].read_bytes()
    after = self_signed(tmp_path, hostname, NOW + later)[0].read_bytes()
    assert (before == after) == same
    names = x509.load_pem_x509_certificate(after).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert hostname in names.value.get_values_for_type(x509.DNSName)


@pytest.mark.parametrize("damaged", ["self-signed.crt", "self-signed.key"])
@pytest.mark.parametrize("how", ["nonsense", "missing", "another"])
def test_a_self_signed_certificate_that_is_damaged_is_made_anew(
    tmp_path: Path, damaged: str, how: str
) -> None:
    self_signed(tmp_path, "localhost", NOW)
    self_signed(tmp_path / "other", "localhost", NOW)
    if how == "missing":
        (tmp_path / damaged).unlink()
    else:
        other = (tmp_path / "other" / damaged).read_bytes()
        (tmp_path / damaged).write_bytes(other if how == "another" else b"nonsense")
    Certificate(*self_signed(tmp_path, "localhost", NOW))


def test_a_renewed_certificate_is_taken_without_a_restart(
    start: Callable[..., Server], files: Files, caplog: pytest.LogCaptureFixture
) -> None:
    server = start(certificate=Certificate(files.chain, files.key))
    with connect(server, trusting(files.authority), "one.example") as open_before:
        files.issue("two.example")
        with connect(server, trusting(files.authority), "two.example") as connection:
            connection.sendall(LAST)
            assert statuses(read_all(connection)) == [200]
        open_before.sendall(LAST)
        assert statuses(read_all(open_before)) == [200]


def test_a_broken_renewal_keeps_the_certificate_and_is_logged_once(
    start: Callable[..., Server], files: Files, caplog: pytest.LogCaptureFixture
) -> None:
    server = start(certificate=Certificate(files.chain, files.key))
    before = presented(server)
    other = trustme.CA().issue_cert("three.example")
    for broken in (b"nothing", other.cert_chain_pems[0].bytes(), b""):
        files.chain.write_bytes(broken)
        caplog.clear()
        assert [presented(server), presented(server)] == [before, before]
        assert len([record for record in caplog.records if "stays as it was" in record.getMessage()]) == 1
    files.chain.unlink()
    assert presented(server) == before
    files.issue("two.example")
    assert presented(server) not in (before, b"")


@pytest.mark.parametrize("content", [b"", b"nothing", None])
def test_a_server_does_not_begin_with_files_that_are_none(files: Files, content: bytes | None) -> None:
    if content is None:
        files.key.unlink()
    else:
        files.key.write_bytes(content)
    with pytest.raises(CertificateError, match=r"key\.pem"):
        Certificate(files.chain, files.key)


def test_the_whole_chain_is_sent(start: Callable[..., Server], tmp_path: Path) -> None:
    root = trustme.CA()
    files = Files(tmp_path, root.create_child_ca(), "one.example")
    server = start(certificate=Certificate(files.chain, files.key))
    with connect(server, trusting(root), "one.example") as connection:
        assert connection.version() == "TLSv1.3"


@pytest.mark.parametrize(
    ("offered", "chosen"), [(["http/1.1"], "http/1.1"), (["h2", "http/1.1"], "http/1.1"), ([], None)]
)
def test_alpn(start: Callable[..., Server], files: Files, offered: list[str], chosen: str | None) -> None:
    server = start(certificate=Certificate(files.chain, files.key))
    context = trusting(files.authority)
    if offered:
        context.set_alpn_protocols(offered)
    with connect(server, context, "one.example") as connection:
        assert connection.selected_alpn_protocol() == chosen


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_session_is_resumed(start: Callable[..., Server], files: Files, version: ssl.TLSVersion) -> None:
    server = start(certificate=Certificate(files.chain, files.key))
    context = trusting(files.authority)
    context.minimum_version = context.maximum_version = version
    with connect(server, context, "one.example") as first:
        first.sendall(LAST)
        read_all(first)
        session = first.session
        assert session.has_ticket
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    with context.wrap_socket(plain, server_hostname="one.example", session=session) as second:
        assert second.session_reused


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_old_versions_of_tls_are_refused(start: Callable[..., Server], files: Files) -> None:
    server = start(certificate=Certificate(files.chain, files.key))
    context = ssl._create_unverified_context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError), connect(server, context):
        pass


def test_a_client_that_never_says_hello_is_dropped(start: Callable[..., Server], files: Files) -> None:
    server = start(certificate=Certificate(files.chain, files.key), deadlines=QUICK)
    with server.connect() as connection:
        began = time.monotonic()
        with contextlib.suppress(ConnectionResetError):
            assert read_all(connection) == b""
        assert time.monotonic() - began < QUICK.head + 2 * QUICK.linger + 0.5


def test_a_client_that_does_not_end_its_tls_is_dropped(start: Callable[..., Server], files: Files) -> None:
    server = start(certificate=Certificate(files.chain, files.key), deadlines=QUICK)
    with connect(server, trusting(files.authority), "one.example") as connection:
        connection.sendall(LAST)
        time.sleep(QUICK.stall + 0.3)
        assert server.in_reactor(lambda: len(server.listening._fronts[0]._open)) == 0


def test_beyond_the_number_of_connections_tls_is_not_begun(
    start: Callable[..., Server], files: Files
) -> None:
    server = start(certificate=Certificate(files.chain, files.key), most_connections=1)
    with connect(server, trusting(files.authority), "one.example") as first:
        with pytest.raises(OSError, match=r"EOF|reset"):
            connect(server, trusting(files.authority), "one.example")
        first.sendall(LAST)
        assert statuses(read_all(first)) == [200]


def test_a_refusal_is_read_under_tls_too(start: Callable[..., Server], files: Files) -> None:
    server = start(certificate=Certificate(files.chain, files.key), deadlines=QUICK)
    with connect(server, trusting(files.authority), "one.example") as connection:
        connection.sendall(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n" + b"b" * 300_000)
        assert statuses(read_all(connection)) == [413]
