"""Lists and usage through zeep."""

from __future__ import annotations

import pytest

from tests.clients.byhand import OPENING, eventually
from tests.clients.visitor import visit
from tests.clients.zeeped import Client
from tests.sandbox import Sandbox


def test_accounts_are_listed_a_page_at_a_time(client: Client) -> None:
    domains = [f"page{number}.example" for number in range(5)]
    for domain in domains:
        client("createSiteWorxAccount", master_domain=domain, **OPENING)
    pages: list[list[str]] = []
    after: dict[str, str] = {}
    while not pages or after:
        page = client("listSiteWorxAccounts", limit=2, **after)
        pages.append([row["master_domain"] for row in page["accounts"]])
        if len(pages) == 1:
            client("deleteSiteWorxAccount", domain=domains[0])
        after = {"after": page["next"]} if page["next"] else {}
    assert pages == [domains[:2], domains[2:4], domains[4:]]
    for domain in domains[1:]:
        client("deleteSiteWorxAccount", domain=domain)


@pytest.mark.needs("curl")
def test_usage_counts_exactly_the_bytes_that_curl_moved(sandbox: Sandbox, client: Client) -> None:
    client("createSiteWorxAccount", master_domain="used.example", **OPENING)
    (sandbox.homes / "usedexam" / "used.example" / "html" / "big.bin").write_bytes(b"x" * 1_500_000)
    moved = visit(sandbox, "used.example").moved + visit(sandbox, "used.example", "big.bin").moved
    eventually(lambda: client("getUsage", domain="used.example")["bandwidth_bytes"] >= moved)
    usage = client("getUsage", domain="used.example")
    assert usage.pop("storage_bytes") > 0
    assert usage == {
        "siteworx_id": usage["siteworx_id"], "master_domain": "used.example", "storage_used": 1,
        "storage": 1000, "bandwidth_used": 2, "bandwidth": 10240, "bandwidth_bytes": moved,
    }  # fmt: skip
    client("deleteSiteWorxAccount", domain="used.example")
