"""Everything is reached through its owner: what is another reseller's is answered like what there is not."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import iwapi.actions
from iwapi.action import Action, collect
from iwapi.asked import Asked, Credentials, Outcome
from iwapi.core.permissions import RESELLER
from iwapi.kinds import Raw
from iwapi.provision.recording import Recording
from tests.helpers import DEDICATED, SHARED, World, copy_installed, open_world, opening, selling
from tests.test_every_action import ON_CLOSED, example, tried

pytestmark = pytest.mark.both_databases(slow=True)

CATALOGUE = collect(iwapi.actions)
NOBODY_S: dict[str, Raw] = {
    "domain": "nobody.test", "login_domain": "nobody.test", "user": "nobodys", "unixuser": "nobodys",
    "packagetemplate": "nobody's", "package_name": "nobody's", "id": "999", "nodeworx_id": "999",
    "master_domain_ipv4": "203.0.113.1", "inside": "nobody.test",
    "siteworx_id": "999", "external_id": "nobody's", "job": "999",
}  # fmt: skip
"""Inputs that name what is somebody's, with names that are nobody's. `inside` is the domain of the key."""


def reached(action: Action) -> Iterator[str]:
    """The inputs by which an action reaches something."""
    if action.controller.startswith("/siteworx"):
        yield "inside"
        return
    if action.run.__name__ != "create" or action.controller != "/nodeworx/packages":  # its name is a new one
        names = {item.name for item in action.input.fields}
        named = names if "siteworx_id" in names else names - {"external_id"}  # or else it is given one
        yield from (item.name for item in action.input.fields if item.name in named & NOBODY_S.keys())


REACHING = [(item, name) for item in CATALOGUE.actions if item.scope in RESELLER for name in reached(item)]


@dataclasses.dataclass(frozen=True)
class Two:
    """Two resellers: the caller, and the one whose names it uses."""

    world: World
    caller: Credentials
    other: Credentials
    names: dict[str, Raw]


def reseller(world: World, email: str, domain: str, address: str) -> tuple[Credentials, dict[str, Raw]]:
    """A reseller with a key, a package, an account and an address; and the names of all that."""
    made = world.call("createReseller", selling(email, ipv4=[SHARED, address]))
    nodeworx_id = str(made.reseller_id)
    key = world.call("generateApiKey", {"nodeworx_id": nodeworx_id}).apikey
    by = Credentials(apikey=key, address="198.51.100.7")
    package = world.call(
        "createPackage", {"package_name": f"of {email}", "OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"}, by
    )
    new = opening(domain, OPT_STORAGE="1", OPT_BANDWIDTH="1", external_id=f"order of {domain}")
    account = world.call("createSiteWorxAccount", new, by)
    gone = world.open(f"gone.{domain}", by=by, OPT_STORAGE="1", OPT_BANDWIDTH="1")
    world.call("deleteSiteWorxAccount", {"domain": gone.master_domain}, by)
    return by, {
        "domain": domain, "login_domain": domain, "user": account.uniqname, "unixuser": account.uniqname,
        "packagetemplate": package.name, "package_name": package.name, "id": str(package.id),
        "nodeworx_id": nodeworx_id, "master_domain_ipv4": address, "inside": domain,
        "siteworx_id": str(account.siteworx_id), "external_id": str(account.external_id),
        "closed domain": gone.master_domain, "closed siteworx_id": str(gone.siteworx_id),
        "job": str(world.value("select max(id) from job")),
    }  # fmt: skip


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """A state folder with two resellers, and what is known of them."""
    state = copy_installed("sqlite", tmp_path_factory.mktemp("owners") / "state")
    world = open_world(state, [Recording()])
    known = [
        reseller(world, "caller@example.com", "mine.test", DEDICATED[0]),
        reseller(world, "other@example.com", "theirs.test", DEDICATED[1]),
    ]
    world.panel.close()
    return state, known


@pytest.fixture
def two(furnished: tuple[Path, list[Any]], tmp_path: Path) -> Iterator[Two]:
    state, ((caller, _), (other, names)) = furnished
    world = open_world(Path(shutil.copytree(state, tmp_path / "state")), [Recording()])
    yield Two(world, caller, other, names)
    world.panel.close()


def asked(two: Two, action: Action, name: str, value: Raw) -> tuple[Any, ...]:
    """What the caller is answered, with the name that it used left out."""
    needed = {item.name: example(item.shape) for item in action.input.fields if item.required}
    raw = needed | tried(action)[0]
    raw.pop("package_name" if name == "id" else "id", None)
    if name in ("siteworx_id", "external_id"):
        raw.pop("domain", None)
    by = two.caller
    if name == "inside":
        by = dataclasses.replace(by, domain=str(value))
    else:
        raw[name] = value
    (outcome,) = two.world.outcomes(Asked(action, raw, by, "route", "r"))
    return without(outcome, str(value))


def kept_as(action: Action, name: str) -> str:
    """By what the other's name for an input is known: what acts on closed accounts is given one of those."""
    return f"closed {name}" if action.name in ON_CLOSED else name


def without(outcome: Outcome, name: str) -> tuple[Any, ...]:
    if outcome.error is None:
        return "ok", outcome.answer
    return outcome.error.code, outcome.error.message.replace(name, "")


def everything(world: World) -> list[tuple[Any, ...]]:
    """All that is kept, but the audit and the uses of keys."""
    tables = world.tables()
    kept = [name for name in tables if name not in ("audit", "api_key", "sqlite_sequence")]
    keys = world.rows("select id, owner, revoked from api_key")
    return [*keys, *((name, json.dumps(row)) for name in kept for row in world.rows(f"select * from {name}"))]


@pytest.mark.parametrize(("action", "name"), REACHING, ids=lambda part: getattr(part, "path", part))
def test_what_is_another_s_is_answered_like_what_there_is_not(two: Two, action: Action, name: str) -> None:
    before = everything(two.world)
    hers, nobody_s = two.names[kept_as(action, name)], NOBODY_S[name]
    assert asked(two, action, name, hers) == asked(two, action, name, nobody_s)
    assert everything(two.world) == before


@pytest.mark.parametrize(("action", "name"), REACHING, ids=lambda part: getattr(part, "path", part))
def test_its_owner_does_reach_it(two: Two, action: Action, name: str) -> None:
    """Or else the test above would prove nothing."""
    mine, known = dataclasses.replace(two, caller=two.other), two.names[kept_as(action, name)]
    assert asked(mine, action, name, known) != asked(mine, action, name, NOBODY_S[name])


def test_lists_hold_what_is_one_s_own(two: Two) -> None:
    call = two.world.call
    assert [row.master_domain for row in call("listSiteWorxAccounts", by=two.caller).accounts] == [
        "mine.test"
    ]
    assert [one.name for one in call("listPackages", by=two.caller).packages] == ["of caller@example.com"]
    free = [one.address for one in call("listFreeIps", by=two.caller).addresses]
    assert free == [SHARED, DEDICATED[0]]
    assert len(call("listApiKeys", by=two.caller).keys) == 1
    assert len(call("listBandwidthAndStorageInMB", by=two.caller)) == 1


def test_a_name_taken_by_another_s_account_is_taken_and_no_more_is_told(two: Two) -> None:
    new = opening("theirs.test", uniqname="other", OPT_STORAGE="1", OPT_BANDWIDTH="1")
    error = two.world.refused("createSiteWorxAccount", new, two.caller)
    assert error.message == "The domain name is taken.\nmaster_domain: theirs.test Domain name already exists"
