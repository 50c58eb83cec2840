"""What visitors of a site get, through sockets and through curl."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import threading
import time
from dataclasses import replace
from typing import Literal

import pytest

from iwapi.hosting import sites
from iwapi.hosting.directory import Redirect
from tests.hosting.conftest import ACCOUNT, World, until


def test_a_file_is_served_by_host_name(world: World) -> None:
    world.write("a.txt", b"hello")
    got = world.get("/a.txt")
    assert (got.status, got.body) == (200, b"hello")
    assert got.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert got.headers["Content-Length"] == "5"
    assert got.headers["Server"] is None


@pytest.mark.parametrize(
    "host",
    [
        "EXAMPLE.com",
        "example.com:8080",
        "www.example.com",
        "WWW.Example.Com.:80",
        "example.com.",
        "example.com:",
    ],
)
def test_a_site_has_these_spellings(world: World, host: str) -> None:
    world.write("index.html", b"home")
    assert world.get("/", host=host).body == b"home"


def test_a_site_of_its_own_under_www_comes_before_the_site_without(world: World) -> None:
    world.write("index.html", b"plain")
    (world.home / "www").mkdir()
    (world.home / "www" / "index.html").write_bytes(b"own")
    world.rows.sites["www.example.com"] = replace(world.rows.sites["example.com"], docroot="www")
    assert [world.get("/", host=host).body for host in ("example.com", "www.example.com")] == [
        b"plain",
        b"own",
    ]


def pointed(
    world: World, status: Literal[301, 302] = 301, state: Literal["active", "suspended"] = "active"
) -> None:
    """`old.example` leads to example.com."""
    redirect = Redirect(status, "example.com")
    world.rows.sites["old.example"] = replace(
        world.rows.sites["example.com"], docroot="", redirect=redirect, state=state
    )


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/", "http://example.com/"),
        ("/a%20b/c?x=1&y=%2F", "http://example.com/a%20b/c?x=1&y=%2F"),
        ("/folder/", "http://example.com/folder/"),
        ("//evil.example//a", "http://example.com/evil.example/a"),
        ("/.git/config", "http://example.com/.git/config"),
        ("/%0d%0aX-Evil:%201", None),
    ],
)
def test_a_redirect_leads_to_the_same_path_of_the_other_host(
    world: World, path: str, location: str | None
) -> None:
    pointed(world)
    for method in ("GET", "HEAD"):
        got = world.get(path, method, host="www.old.example")
        assert (got.status, got.headers["Location"]) == (301 if location else 400, location)


def test_a_redirect_is_permanent_or_not_and_no_way_around_a_suspension(world: World) -> None:
    pointed(world, 302)
    assert world.get("/", host="old.example").status == 302
    assert world.get("/", "POST", host="old.example").status == 405
    pointed(world, 302, "suspended")
    got = world.get("/", host="old.example")
    assert (got.status, got.headers["Location"]) == (503, None)


def test_the_bytes_of_every_name_count_for_its_account(world: World) -> None:
    pointed(world)
    world.get("/", host="old.example")
    assert world.in_reactor(world.traffic.drain)[ACCOUNT] > 100


@pytest.mark.parametrize("host", ["nobody.example", "127.0.0.1", "[::1]:80", "a.example.com", "www.com"])
def test_an_unknown_host_gets_our_own_page(world: World, host: str) -> None:
    got = world.get("/", host=host)
    assert got.status == 404
    assert b"No site here" in got.body
    assert got.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: example.com\r\nHost: example.com\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xc3\xbc.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: ../../etc\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: " + b"a." * 127 + b"com\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: example.com\r\n\r\n",
    ],
)
def test_a_bad_host_or_target_is_a_bad_request(world: World, head: bytes) -> None:
    assert world.raw(head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")).startswith(b"HTTP/1.1 400 ")


def test_the_absolute_form_names_the_host(world: World) -> None:
    world.write("a.txt", b"hello")
    head = b"GET http://example.com/a.txt HTTP/1.1\r\nHost: nobody.example\r\nConnection: close\r\n\r\n"
    assert world.raw(head).endswith(b"\r\n\r\nhello")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/../../outside/secret.txt", 400),
        ("/%2e%2e/%2e%2e/%2e%2e/outside/secret.txt", 400),
        ("/..%2f..%2f..%2foutside/secret.txt", 400),
        ("/%252e%252e/secret.txt", 404),
        ("/..\\..\\secret.txt", 400),
        ("/..%5c..%5csecret.txt", 400),
        ("/a.txt%00.html", 400),
        ("/a%0d%0aSet-Cookie:x", 400),
        ("/%7f", 400),
        ("/%zz", 400),
        ("/%", 400),
        ("/.", 400),
        ("//etc/passwd", 404),
        ("/" + "a" * 300, 404),
        ("/" + "a/" * 5000, 404),
        ("/%ff%fe", 404),
    ],
)
def test_a_hostile_path_is_inert(world: World, path: str, status: int) -> None:
    world.write("a.txt")
    got = world.get(path)
    assert got.status == status
    assert b"SECRET" not in got.body


def test_a_folder_shows_its_index_and_never_a_list(world: World) -> None:
    world.write("docs/index.html", b"docs")
    world.write("empty/a.txt", b"")
    assert world.get("/docs/").body == b"docs"
    assert world.get("/docs/").headers["Content-Type"] == "text/html; charset=utf-8"
    assert world.get("/empty/").status == 404
    assert world.get("/docs/index.html/").status == 404


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/docs", "/docs/"),
        ("/docs?a=1&b=%0d", "/docs/?a=1&b=%0d"),
        ("//docs", "/docs/"),
        ("//docs/sub", "/docs/sub/"),
        ("/caf%C3%A9", "/caf%C3%A9/"),
    ],
)
def test_a_folder_without_its_slash_is_sent_on_within_the_site(
    world: World, path: str, location: str
) -> None:
    world.write("docs/sub/index.html")
    world.write("café/index.html")
    got = world.get(path)
    assert (got.status, got.headers["Location"]) == (301, location)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/.htpasswd", 404), ("/.git/config", 404), ("/a/.env", 404), ("/.well-known/acme", 200),
     ("/.well-known/.env", 404), ("/a/.well-known/x", 404), ("/a..b", 200)],
)  # fmt: skip
def test_dot_files_are_not_served(world: World, path: str, status: int) -> None:
    for name in (
        ".htpasswd",
        ".git/config",
        "a/.env",
        ".well-known/acme",
        ".well-known/.env",
        "a/.well-known/x",
        "a..b",
    ):
        world.write(name)
    assert world.get(path).status == status


def test_a_file_without_permission_is_forbidden(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "for root there is no such file")

    monkeypatch.setattr(sites, "find", refuse)
    assert world.get("/a.txt").status == 403


def test_a_suspended_site_says_so_and_escapes_what_it_tells(world: World) -> None:
    world.write("index.html", b"home")
    active = world.rows.sites["example.com"]
    world.rows.sites["example.com"] = replace(active, state="suspended")
    for path, method in (("/", "GET"), ("/nothing", "GET"), ("/", "POST")):
        got = world.get(path, method)
        assert got.status == 503
        assert b"Site suspended" in got.body
        assert got.headers["Cache-Control"] == "no-store"
    head = world.get("/", "HEAD")
    assert (head.status, head.body, head.headers["Content-Length"]) == (
        503,
        b"",
        got.headers["Content-Length"],
    )
    world.rows.sites["example.com"] = active
    assert world.get("/").body == b"home"


def test_head_is_get_without_the_body(world: World) -> None:
    world.write("a.txt", b"hello")
    got, head = world.get("/a.txt"), world.get("/a.txt", "HEAD", Range="bytes=0-1")
    assert (head.status, head.body) == (200, b"")
    kept = ("Content-Type", "Content-Length", "Last-Modified", "ETag", "Accept-Ranges")
    assert [head.headers[name] for name in kept] == [got.headers[name] for name in kept]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_not_allowed(world: World, method: str) -> None:
    world.write("a.txt")
    got = world.get("/a.txt", method)
    assert (got.status, got.headers["Allow"]) == (405, "GET, HEAD")


def test_an_unchanged_file_is_not_sent_again(world: World) -> None:
    path = world.write("a.txt", b"one")
    first = world.get("/a.txt")
    for known in (
        {"If_None_Match": first.headers["ETag"]},
        {"If_Modified_Since": first.headers["Last-Modified"]},
    ):
        got = world.get("/a.txt", **known)
        assert (got.status, got.body, got.headers["ETag"]) == (304, b"", first.headers["ETag"])
    status = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    again = world.get(
        "/a.txt", If_None_Match=first.headers["ETag"], If_Modified_Since=first.headers["Last-Modified"]
    )
    assert (again.status, again.body) == (200, b"two")


@pytest.mark.parametrize(
    ("wanted", "status", "body", "content_range"),
    [
        ("bytes=0-0", 206, b"0", "bytes 0-0/10"),
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=8-999", 206, b"89", "bytes 8-9/10"),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
        ("bytes=10-", 416, None, "bytes */10"),
    ],
)
def test_a_range_is_a_part_of_the_file(
    world: World, wanted: str, status: int, body: bytes | None, content_range: str | None
) -> None:
    world.write("digits", b"0123456789")
    got = world.get("/digits", Range=wanted)
    assert (got.status, got.headers["Content-Range"]) == (status, content_range)
    assert body is None or got.body == body


@pytest.mark.parametrize("year", [1901, 1969, 2500])
def test_any_time_that_an_owner_sets_on_a_file_can_be_told(world: World, year: int) -> None:
    path = world.write("a.txt")
    second = (year - 1970) * 31_557_600
    os.utime(path, (second, second))
    assert world.get("/a.txt").status == 200
    assert world.get("/a.txt", If_Modified_Since="Thu, 01 Jan 1970 00:00:00 GMT").status in (200, 304)


# Links and special files


def test_links_that_leave_the_home_are_not_followed(world: World) -> None:
    secret = world.outside / "secret.txt"
    (world.docroot / "absolute.txt").symlink_to(secret)
    (world.docroot / "relative.txt").symlink_to("../../../outside/secret.txt")
    (world.docroot / "folder").symlink_to(world.outside)
    (world.docroot / "proc").symlink_to("/proc/self/root")
    (world.docroot / "chain.txt").symlink_to("relative.txt")
    (world.docroot / "loop").symlink_to("loop")
    (world.docroot / "index.html").symlink_to(secret)
    for path in ("absolute.txt", "relative.txt", "folder/secret.txt", "folder/", "chain.txt", "loop", "",
                 f"proc{secret}"):  # fmt: skip
        got = world.get("/" + path)
        assert got.status == 404, path
        assert b"SECRET" not in got.body


def test_a_document_root_that_links_out_of_the_home_shows_nothing(world: World) -> None:
    (world.home / "away").symlink_to(world.outside)
    world.rows.sites["example.com"] = replace(world.rows.sites["example.com"], docroot="away")
    assert world.get("/secret.txt").status == 404


def test_no_race_leads_out_of_the_home(world: World) -> None:
    """A folder that turns into a link and back all the time gives its file or nothing."""
    world.write("d/secret.txt", b"harmless")
    (world.docroot / "link").symlink_to(world.outside)
    swapping = threading.Event()

    def swap() -> None:
        folder, link, spare = (world.docroot / name for name in ("d", "link", "spare"))
        while not swapping.is_set():
            folder.rename(spare)
            link.rename(folder)
            folder.rename(link)
            spare.rename(folder)

    thread = threading.Thread(target=swap)
    thread.start()
    request = b"GET /d/secret.txt HTTP/1.1\r\nHost: example.com\r\n\r\n"
    seen = {b"harmless": 0, b"404": 0}
    with world.connect() as connection:
        end = time.monotonic() + 1
        while time.monotonic() < end:
            connection.sendall(request)
            answer = connection.recv(65536)
            assert b"SECRET" not in answer
            seen[b"harmless" if answer.endswith(b"harmless") else b"404"] += 1
    swapping.set()
    thread.join()
    assert all(count > 10 for count in seen.values()), seen


def test_special_files_are_not_served_and_do_not_hang(world: World) -> None:
    os.mkfifo(world.docroot / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(world.docroot / "socket"))
        (world.docroot / "null").symlink_to("/dev/null")
        (world.docroot / "tree").mkdir()
        os.mkfifo(world.docroot / "tree" / "index.html")
        for path in ("/fifo", "/socket", "/null", "/tree/"):
            assert world.get(path).status == 404


def test_a_device_is_not_served(world: World) -> None:
    world.rows.sites["example.com"] = replace(world.rows.sites["example.com"], home="/", docroot="dev")
    assert world.get("/zero").status == 404


def test_no_descriptor_stays_open(world: World) -> None:
    world.write("a.txt")
    world.write("large", bytes(500_000))
    os.mkfifo(world.docroot / "fifo")
    world.write("docs/index.html")
    before = len(os.listdir("/proc/self/fd"))
    for path in ("/a.txt", "/large", "/fifo", "/docs", "/docs/", "/gone"):
        world.get(path)
        world.get(path, "HEAD")
    world.get("/a.txt", Range="bytes=99-")
    world.get("/a.txt", If_None_Match="*")
    assert until(lambda: len(os.listdir("/proc/self/fd")) <= before)


def test_a_home_that_is_gone_is_not_found(world: World) -> None:
    world.home.rename(world.home.with_name("parked"))
    assert world.get("/").status == 404


def test_a_directory_that_fails_is_our_error_and_only_the_log_knows_why(
    world: World, no_traceback: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(host: str) -> None:
        raise RuntimeError("the store is gone")

    monkeypatch.setattr(world.rows, "site", fail)
    got = world.get("/secret-path")
    assert got.status == 500
    assert b"store" not in got.body
    assert "the store is gone" in no_traceback[0]
    no_traceback.clear()


# curl


def curl(world: World, *options: str, path: str = "/") -> str:
    host, port = world.host.sites[0]
    command = ["curl", "-sS", "--max-time", "10", "--resolve", f"example.com:{port}:{host}", *options]
    done = subprocess.run([*command, f"http://example.com:{port}{path}"], capture_output=True, text=True)
    return done.stdout + done.stderr


@pytest.mark.needs("curl")
def test_curl_reads_the_site_over_both_families(world: World) -> None:
    world.write("index.html", b"home")
    assert curl(world) == "home"
    host, port = world.host.sites[1]
    six = subprocess.run(
        ["curl", "-sS", "-H", "Host: example.com", f"http://[{host}]:{port}/"], capture_output=True, text=True
    )
    assert six.stdout == "home"


@pytest.mark.needs("curl")
@pytest.mark.parametrize(
    ("options", "status"),
    [
        ((), "200"),
        (("--http1.0",), "200"),
        (("-I",), "200"),
        (("-X", "POST", "-d", "a=b"), "405"),
        (("-T", __file__), "405"),
        (("-T", __file__, "-H", "Transfer-Encoding: chunked"), "411"),
        (("-H", "Host: nobody.example"), "404"),
        (("-H", "Host:"), "400"),
        (("--path-as-is", "--request-target", "/../../../../etc/passwd"), "400"),
        (("-r", "0-1"), "206"),
        (("-H", "Expect: something"), "417"),
    ],
)
def test_curl_gets_the_status(world: World, options: tuple[str, ...], status: str) -> None:
    world.write("a", b"hello")
    assert curl(world, "-o", os.devnull, "-w", "%{http_code}", *options, path="/a") == status


@pytest.mark.needs("curl")
def test_curl_sends_a_large_body_and_is_told_that_it_is_too_large(world: World) -> None:
    large = world.outside / "large"
    large.write_bytes(bytes(300_000))
    assert "413" in curl(world, "-o", os.devnull, "-w", "%{http_code}", "-T", str(large))
