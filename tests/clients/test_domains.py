"""Further domains and DNS of an account, for real: calls by XML-RPC and PHP, visits by curl, dig for DNS."""

from __future__ import annotations

import re
import subprocess
import xmlrpc.client
from dataclasses import dataclass
from typing import Any

import pytest

from tests.clients.byhand import call
from tests.clients.test_php import story
from tests.clients.visitor import Records, curl, dig, visit
from tests.sandbox import Sandbox

pytestmark = pytest.mark.needs("curl", "dig")
WEB = "127.0.0.2"
ROOM = {"OPT_SUBDOMAINS": "5", "OPT_POINTER_DOMAINS": "5", "OPT_SLAVE_DOMAINS": "5", "OPT_DNS_RECORDS": "1"}
GONE = Records("REFUSED", ())


@dataclass(frozen=True)
class Inside:
    """A program that acts inside an account with the server's key, by `iworx.route`."""

    sandbox: Sandbox
    domain: str

    def __call__(self, path: str, **sent: Any) -> Any:
        status, payload = self.answer(path, **sent)
        assert status == 0, payload
        return payload

    def answer(self, path: str, **sent: Any) -> tuple[int, Any]:
        server = xmlrpc.client.ServerProxy(self.sandbox.soap.removesuffix("/soap") + "/xmlrpc")
        controller, _, action = path.rpartition("/")
        first = {"apikey": self.sandbox.api_key, "domain": self.domain}
        answer: Any = server.iworx.route(first, controller, action, sent)
        return answer["status"], answer["payload"]

    def zone(self, name: str) -> int:
        return next(row["zone_id"] for row in self("/siteworx/dns/listZones") if row["domain"] == name)

    def record(self, host: str, kind: str) -> int:
        rows = self("/siteworx/dns/queryDnsRecords")
        (found,) = [row["record_id"] for row in rows if (row["host"], row["type"]) == (host, kind)]
        return int(found)


def opened(sandbox: Sandbox, domain: str) -> Inside:
    inputs = {"email": "me@example.com", "password": "Correct-horse7", "packagetemplate": "pro"}
    done = call(
        sandbox, "createSiteWorxAccount", master_domain=domain, master_domain_ipv4=WEB, **inputs, **ROOM
    )
    assert done.status == 200, done.body
    return Inside(sandbox, domain)


def location(sandbox: Sandbox, domain: str, path: str) -> tuple[int, str]:
    head = curl("--head", "--header", f"Host: {domain}", f"{sandbox.site}{path}")
    status, to = re.match(r"HTTP/1.1 (\d+)", head), re.search(r"(?i)^location: (.*)\r$", head, re.MULTILINE)
    assert status, head
    return int(status[1]), to[1] if to else ""


def test_further_domains_live_and_end_with_their_account(sandbox: Sandbox) -> None:
    inside = opened(sandbox, "names.example")
    assert (
        inside("/siteworx/domains/sub/add", prefix="blog") == "Subdomain blog.names.example has been added."
    )
    for name in ("blog.names.example", "www.blog.names.example"):
        assert "blog.names.example" in visit(sandbox, name).body
        assert dig(sandbox, name).values == (WEB,)
    (page,) = sandbox.homes.glob("*/names.example/html/blog/index.html")
    page.write_text("a blog")
    assert visit(sandbox, "blog.names.example").body == "a blog"

    inside("/siteworx/domains/slave/add", domain="second.example")
    assert "second.example" in visit(sandbox, "www.second.example").body
    assert dig(sandbox, "www.second.example").values == (WEB,)
    assert dig(sandbox, "second.example", "MX").values == ("10 mail.second.example.",)

    inside("/siteworx/domains/pointer/add", domain="old.example")
    inside(
        "/siteworx/domains/pointer/add", domain="older.example", redir_type="redirect_302",
        points_to="second.example",
    )  # fmt: skip
    inside(
        "/siteworx/domains/pointer/add",
        domain="alias.example",
        redir_type="server_alias",
        points_to="second.example",
    )
    assert location(sandbox, "www.old.example", "a/b?c=d&e") == (301, "http://names.example/a/b?c=d&e")
    assert location(sandbox, "older.example", "") == (302, "http://second.example/")
    assert visit(sandbox, "alias.example").body == visit(sandbox, "second.example").body
    assert dig(sandbox, "old.example").values == (WEB,)

    every = ("names.example", "blog.names.example", "second.example", "old.example", "alias.example")
    call(sandbox, "suspendSiteWorxAccount", domain="names.example", message="unpaid")
    assert [visit(sandbox, name).status for name in every] == [503] * 5
    assert dig(sandbox, "second.example").values == (WEB,)
    call(sandbox, "unsuspendSiteWorxAccount", domain="names.example")
    assert [visit(sandbox, name).status for name in every] == [200, 200, 200, 301, 200]

    inside("/siteworx/domains/pointer/delete", domain=["old.example"])
    inside("/siteworx/domains/sub/delete", prefix="blog")
    assert (visit(sandbox, "old.example").status, dig(sandbox, "old.example")) == (404, GONE)
    assert (visit(sandbox, "blog.names.example").status, dig(sandbox, "blog.names.example").status) == (
        404,
        "NXDOMAIN",
    )
    assert page.read_text() == "a blog"

    call(sandbox, "deleteSiteWorxAccount", domain="names.example")
    assert {visit(sandbox, name).status for name in every} == {404}
    assert {dig(sandbox, name) for name in every} == {GONE}
    again = opened(sandbox, "second.example")
    assert [row["domain"] for row in again("/siteworx/dns/listZones")] == ["second.example"]


def test_records_are_answered_as_they_are_added_changed_and_deleted(sandbox: Sandbox) -> None:
    inside, dns = opened(sandbox, "records.example"), "/siteworx/dns/"
    zone = inside.zone("records.example")
    serial = dig(sandbox, "records.example", "SOA").values[0].split()[2]
    text = "v=DKIM1; p=" + "A" * 400
    for kind, sent, name, value in (
        ("A", {"host": "a", "ipaddress": "192.0.2.9"}, "a", "192.0.2.9"),
        ("A", {"host": "*", "ipaddress": "192.0.2.8"}, "any.thing", "192.0.2.8"),
        ("AAAA", {"host": "a", "ipaddress": "2001:db8::9"}, "a", "2001:db8::9"),
        ("CNAME", {"host": "shop", "alias": "shops.example.org."}, "shop", "shops.example.org."),
        ("MX", {"host": "m", "preference": 5, "mail_server": "mail"}, "m", "5 mail.records.example."),
        ("TXT", {"host": "k1._domainkey", "text": text}, "k1._domainkey", f'"{text[:255]}" "{text[255:]}"'),
        ("SRV", {"service": "sip", "protocol": "udp", "priority": 1, "weight": 2, "port": 5, "target": "a"},
         "_sip._udp", "1 2 5 a.records.example."),
        ("CAA", {"flags": 0, "tag": "issue", "issue": "ca.example"}, "", '0 issue "ca.example"'),
    ):  # fmt: skip
        whole = f"{name}.records.example".lstrip(".")
        assert dig(sandbox, whole, kind).values == ()
        inside(f"{dns}add{kind}", zone_id=zone, **sent)
        assert dig(sandbox, whole, kind).values == (value,)
    assert int(dig(sandbox, "records.example", "SOA").values[0].split()[2]) == int(serial) + 8
    assert dig(sandbox, "nothing.a.records.example").status == "NXDOMAIN"
    assert dig(sandbox, "_domainkey.records.example") == Records("NOERROR", ())

    inside(f"{dns}addCNAME", zone_id=zone, host="here", alias="a")
    assert lines(sandbox, "here.records.example", "A") == [
        "here.records.example. 3600 IN CNAME a.records.example.", "a.records.example. 3600 IN A 192.0.2.9",
    ]  # fmt: skip

    inside(f"{dns}editA", record_id=inside.record("a.records.example", "A"), ipaddress="192.0.2.7", ttl=60)
    assert lines(sandbox, "a.records.example", "A") == ["a.records.example. 60 IN A 192.0.2.7"]
    inside(f"{dns}delete", record_id=[inside.record("a.records.example", kind) for kind in ("A", "AAAA")])
    assert dig(sandbox, "a.records.example").values == ("192.0.2.8",)

    status, told = inside.answer(f"{dns}addTXT", zone_id=zone, host="shop", text="x")
    assert (status, told.splitlines()[1]) == (
        11, "host: shop.records.example This name is an alias, which other records cannot stand beside",
    )  # fmt: skip


def lines(sandbox: Sandbox, *question: str) -> list[str]:
    """All that dig shows of an answer, its white space made one."""
    host, port = sandbox.name_server
    words = ["dig", f"@{host}", "-p", str(port), *question, "+noall", "+answer"]
    return [" ".join(line.split()) for line in subprocess.check_output(words, text=True).splitlines()]


@pytest.mark.needs("php")
def test_php_gets_rows_that_are_objects_and_forms_that_are_maps(sandbox: Sandbox) -> None:
    opened(sandbox, "php.example")
    base = sandbox.soap.removesuffix("/soap")
    steps = story(
        "domains", wsdl=f"{base}/nodeworx/soap?wsdl", key=sandbox.api_key, domain="php.example", web=WEB
    )
    assert len(steps) > 20
