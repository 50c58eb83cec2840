"""Resellers in lists, typed and in the shapes that InterWorx's clients index."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.asked import Credentials
from iwapi.core.resellers import RESELLER
from iwapi.core.usage import MB
from iwapi.errors import InvalidInput
from iwapi.kinds import UNLIMITED, Raw
from iwapi.store import usage
from iwapi.wires.routecall import Rows
from tests.helpers import World, selling
from tests.routing import by_key, route

CTRL = "/nodeworx/reseller"


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def create(world: World, email: str, **raw: Raw) -> tuple[Any, Credentials]:
    """A reseller and its key."""
    made = world.call("createReseller", selling(email, **raw))
    key = world.call("generateApiKey", {"nodeworx_id": str(made.reseller_id)}).apikey
    return made, Credentials(apikey=key, address="198.51.100.7")


def used(world: World, domain: str, stored: int, sent: int) -> None:
    account_id = world.call("getSiteWorxAccount", {"domain": domain}).siteworx_id
    world.panel.database.change(
        lambda tx: (
            usage.set_sizes(tx, {account_id: stored}, 0),
            usage.add_traffic(tx, {account_id: sent}, world.clock.now),
        )
    )


def rows(world: World, name: str, controller: str = CTRL) -> Rows:
    status, payload = route(world, by_key(world), f"{controller}/{name}")
    assert status == 0
    assert isinstance(payload, Rows)
    return payload


def test_resellers_are_listed_a_page_at_a_time_oldest_first(world: World) -> None:
    for letter in "cab":
        create(world, f"{letter}@example.com")
    page = world.call("listResellers", {"limit": "2"})
    assert [row.email for row in page.resellers] == ["c@example.com", "a@example.com"]
    rest = world.call("listResellers", {"limit": "2", "after": page.next})
    assert [row.email for row in rest.resellers] == ["b@example.com"]
    assert rest.next is None
    assert type(world.refused("listResellers", {"limit": "0"})) is InvalidInput


@pytest.mark.parametrize(
    ("nickname", "label"),
    [
        ("Sales", "Sales (r@example.com)"),
        ("Sales (EU) GmbH", "Sales EU GmbH (r@example.com)"),
        ("((x)", "x (r@example.com)"),
        ("()", "r@example.com (r@example.com)"),
    ],
)
def test_clients_cut_the_e_mail_out_of_the_label(world: World, nickname: str, label: str) -> None:
    made, _ = create(world, "r@example.com", nickname=nickname)
    for name in ("listIds", "listEditableIds", "listDeletableIds"):
        found = rows(world, name)
        assert (found.shape, found.rows) == ("list", [[made.reseller_id, label]])
    assert label.split("(")[1][:-1] == made.email  # as WHMCS does it


def test_only_resellers_without_accounts_may_be_deleted(world: World) -> None:
    _, key = create(world, "a@example.com")
    create(world, "b@example.com")
    world.open("a.test", key, OPT_STORAGE="1", OPT_BANDWIDTH="1")
    assert [label for _, label in rows(world, "listDeletableIds").rows] == ["b@example.com (b@example.com)"]
    assert len(rows(world, "listEditableIds").rows) == 2


def test_resellers_are_objects_with_what_their_accounts_use_newest_last(world: World) -> None:
    first, key = create(world, "a@example.com", nickname="A", RSL_OPT_BANDWIDTH=str(UNLIMITED))
    second, _ = create(world, "b@example.com", nickname="B")
    for domain in ("one.test", "two.test", "gone.test"):
        world.open(domain, key, OPT_STORAGE="1")
        used(world, domain, 2 * MB, 600 * MB)
        if domain == "gone.test":
            world.call("deleteSiteWorxAccount", {"domain": domain})
        elif domain == "two.test":
            world.call("editReseller", {"reseller_id": str(first.reseller_id), "status": "inactive"})
            break
    world.open("master.test")
    used(world, "master.test", 99 * MB, 99 * MB)
    found = rows(world, "listResellers")
    assert found.shape == "object"
    assert found.rows == [
        {
            "reseller_id": first.reseller_id, "nickname": "A", "email": "a@example.com", "status": "inactive",
            "storage": 4, "bandwidth": 1, "max_storage": 10, "max_bandwidth": UNLIMITED,
        },
        {
            "reseller_id": second.reseller_id, "nickname": "B", "email": "b@example.com", "status": "active",
            "storage": 0, "bandwidth": 0, "max_storage": 10, "max_bandwidth": 10,
        },
    ]  # fmt: skip
    assert list(found.rows[0])[:3] == ["reseller_id", "nickname", "email"]


def test_one_reseller_s_details_are_found_by_e_mail_by_nickname_and_by_id(world: World) -> None:
    made, key = create(world, "a@example.com", nickname="A", RSL_OPT_OVERSELL_STORAGE="1")
    create(world, "b@example.com", nickname="twins")
    create(world, "c@example.com", nickname="twins")
    world.open("one.test", key, OPT_STORAGE="1", OPT_BANDWIDTH="1")
    used(world, "one.test", 2 * MB, 1024 * MB)
    wanted = {
        "id": made.reseller_id, "nickname": "A", "email": "a@example.com", "status": "active",
        "package_name": "", "accounts_used": 1, "storage_used": 2, "bandwidth_used": 1,
        **dict.fromkeys(RESELLER.names, 0), "RSL_OPT_STORAGE": 10, "RSL_OPT_BANDWIDTH": 10,
        "RSL_OPT_SITEWORX_ACCOUNTS": 2, "RSL_OPT_OVERSELL_STORAGE": 1,
    }  # fmt: skip
    for name in ("a@example.com", "A@EXAMPLE.com", "A", str(made.reseller_id)):
        status, told = route(world, by_key(world), f"{CTRL}/queryResellerDetails", reseller=name)
        assert (status, told) == (0, wanted)
        assert {type(value) for value in told.values()} == {int, str}  # flags are 0 and 1
    for name in ("twins", "1", "99", "99999999999", "nobody", "admin@example.com"):
        status, told = route(world, by_key(world), f"{CTRL}/queryResellerDetails", reseller=name)
        assert status == 11
        assert f"reseller: {name} This is not a valid option" in told


def test_a_list_of_no_reseller_has_no_rows(world: World) -> None:
    for name in ("listIds", "listEditableIds", "listDeletableIds", "listResellers"):
        assert list(rows(world, name).rows) == []
