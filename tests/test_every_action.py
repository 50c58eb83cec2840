"""What holds for every action there is: documented, scoped, masked, recorded, refused to strangers."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

import iwapi.actions
from iwapi.action import Action, collect
from iwapi.app.panel import rules
from iwapi.asked import Asked, Credentials, Outcome
from iwapi.core.permissions import RESELLER
from iwapi.core.siteusers import MOST
from iwapi.errors import (
    ApiError,
    InternalError,
    InvalidInput,
    NotAuthenticated,
    NotPermitted,
    OutcomeUnknown,
    Pending,
    Throttled,
    Unavailable,
)
from iwapi.kinds import MASK, Hashed, Plain, Raw
from iwapi.parse import parse
from iwapi.provision.recording import Recording
from iwapi.shape import Field, Shape
from tests.helpers import (
    ADMIN,
    ADMIN_PASSWORD,
    DEDICATED,
    LOCAL,
    PASSWORD,
    SHARED,
    World,
    config,
    open_world,
    opening,
    selling,
)
from tests.jobnames import furnish_jobs, meant_jobs
from tests.sitenames import furnish_names, meant, own_user

CATALOGUE = collect(iwapi.actions)
EACH = pytest.mark.parametrize("action", CATALOGUE.actions, ids=lambda action: action.path)
ROUTED = pytest.mark.parametrize(
    "action", [item for item in CATALOGUE.actions if item.route], ids=lambda action: action.path
)
ADDED = {"ipv6", "domain", "nodeworx_id", "client_ip", "record_id"}
"""Inputs of ours, of actions whose inputs nobody has published."""

BESIDE = {
    "client_ip", "siteworx_id", "external_id", "new_external_id", "expect_domain", "expect_version"
}  # fmt: skip
"""Inputs of ours beside published ones: a customer's address is a further lock on a session; accounts have
external ids, and calls expectations."""

COMMON = (InvalidInput, NotAuthenticated, NotPermitted, Throttled, Unavailable, OutcomeUnknown, InternalError)
SECRET = re.compile(r"(?i)password|secret|token|api_?key")
RULES = rules(config())
BY_PROOF = ("log_in", "open_link", "editAdministrator", "generateApiKey", "approveTerminations")
"""Actions that take some kinds of credentials, and refuse every other however much it may do."""

LOGIN = Credentials(email=ADMIN, password=Plain(ADMIN_PASSWORD), address="192.0.2.9")


def members(shape: Shape) -> Iterator[Field]:
    """Every member of a value, at any depth."""
    for item in shape.fields:
        yield item
        yield from members(item.shape)


def example(shape: Shape) -> Raw:
    """An input made from the examples of its kinds."""
    one: Raw = shape.kind.example if shape.kind else {item.name: example(item.shape) for item in shape.fields}
    return [one, one] if shape.many else one


@EACH
def test_it_is_documented_to_the_last_member(action: Action) -> None:
    assert action.help.endswith(".")
    for shape in (action.input, action.answer):
        assert shape.struct is not None
        assert shape.struct.__doc__
        assert not shape.struct.__doc__.startswith(shape.struct.__name__ + "(")
        for item in members(shape):
            assert item.help, item.name


@EACH
def test_it_has_a_scope_and_a_name_that_its_wires_can_say(action: Action) -> None:
    assert re.fullmatch(r"[a-z]+(:(read|edit|create|suspend|delete|cancel|hold))?", action.scope)
    assert action.name is None or re.fullmatch(r"[a-z]+([A-Z][a-z]+)*[A-Za-z]*", action.name)
    assert action.writes or not action.scope.endswith((":edit", ":create", ":delete", ":suspend"))
    for item in members(action.input):
        assert item.scope is None or re.fullmatch(r"[a-z]+:[a-z]+", item.scope)


@EACH
def test_whatever_is_named_like_a_secret_is_one(action: Action) -> None:
    for item in (*members(action.input), *members(action.answer)):
        if item.shape.kind is not None:
            assert item.shape.secret == bool(SECRET.search(item.name)), item.name


@ROUTED
def test_its_route_and_its_inputs_are_interworx_s_own(action: Action) -> None:
    assert action.route is not None
    known = json.loads(resources.files("iwapi.wires").joinpath("interworx.json").read_text())
    names = known[action.controller][action.route.action]
    if action.route.action.startswith("edit"):  # takes what its `add` takes, published or not
        names = known[action.controller].get("add" + action.route.action.removeprefix("edit"), {}) | names
    ours = {item.name for item in action.input.fields if not {item.name, *item.old} & names.keys()}
    assert ours <= (ADDED if not names else BESIDE)


@EACH
def test_no_two_inputs_share_a_name(action: Action) -> None:
    names = [name for item in action.input.fields for name in (item.name, *item.old)]
    assert len(names) == len(set(names))


@EACH
@pytest.mark.parametrize("strict", [True, False])
def test_an_input_made_from_its_kinds_examples_is_read(action: Action, strict: bool) -> None:
    raw = example(action.input)
    assert isinstance(raw, dict)
    value, problems = parse(action.input, raw, RULES, strict)
    assert problems == []
    assert isinstance(value, action.input.struct or object)


@EACH
def test_it_is_refused_to_strangers(world: World, action: Action) -> None:
    raw = example(action.input)
    assert isinstance(raw, dict)
    strangers = [
        Credentials(), Credentials(apikey=Plain("x")), Credentials(session=Plain("x")),
        dataclasses.replace(LOGIN, password=Plain("wrong")), Credentials(email=ADMIN),
        Credentials(domain="example.com"),
    ]  # fmt: skip
    for by, wire in itertools.product(strangers, ("soap", "pages")):
        (outcome,) = world.outcomes(Asked(action, raw, by, wire, "r"))
        assert type(outcome.error) is NotAuthenticated, (by, wire)
    assert world.rows("select * from account") == []
    assert world.value("select count(*) from audit where result <> 'NOT_AUTHENTICATED'") == 0


@EACH
def test_it_is_refused_without_its_scope_and_with_every_other(world: World, action: Action) -> None:
    raw = example(action.input)
    assert isinstance(raw, dict)
    scopes = {item.scope for item in CATALOGUE.actions}
    inputs = {item.scope for item in action.input.fields if item.scope}
    without = world.scoped_key(*sorted(scopes - {action.scope}))
    (outcome,) = world.outcomes(Asked(action, raw, without, "soap", "r"))
    assert type(outcome.error) is NotPermitted
    assert action.scope in outcome.error.text
    for scope in inputs:
        (outcome,) = world.outcomes(
            Asked(action, raw, world.scoped_key(*sorted(scopes - {scope})), "soap", "r")
        )
        assert type(outcome.error) is NotPermitted
    (outcome,) = world.outcomes(Asked(action, raw, world.scoped_key(action.scope, *inputs), "soap", "r"))
    assert type(outcome.error) is not NotPermitted or {action.name, action.run.__name__} & {*BY_PROOF}


SOME: dict[str, list[Raw]] = {
    "domain": ["example.com", "b.test", "nowhere.test", "x", "sold.test"],
    "master_domain": ["new.test", "example.com", "b.test", "x"], "uniqname": ["b", "new", "0"],
    "nickname": ["", "N"], "reason": ["billing", "abuse", "why"], "status": ["0", "1", "inactive"],
    "at": ["2100-01-01T00:00:00Z", "2001-01-01T00:00:00Z", "x"], "ipv6": ["1"],
    "email": ["me@example.com", ADMIN, "taken@example.com", "x", "second@example.com"],
    "password": [PASSWORD, "short"],
    "packagetemplate": ["basic", "gold"], "package_name": ["basic", "used", "gold", ""],
    "id": ["1", "2", "99"], "new_package_name": ["used", "fresh"], "reseller_id": ["3", "2", "99", "1"],
    "reseller": ["3", "taken@example.com", "nobody"], "nodeworx_id": ["2", "99"],
    "ipv4": [SHARED, "203.0.113.1"], "RSL_OPT_STORAGE": ["5", "-1"], "after": ["0", "x"], "limit": ["1", "0"],
    "OPT_STORAGE": ["5", "-1"], "master_domain_ipv4": [*DEDICATED, "203.0.113.1"],
    "master_domain_ipv6": ["2001:db8::9"], "login_domain": ["example.com", "nowhere.test"],
    "account_action": ["siteworxLogin", "other"], "client_ip": ["198.51.100.7", "x"],
    "user": ["examplec", "b", "nowhere"], "message": ["why"], "unixuser": ["examplec", "nowhere"],
    "account_data": ["domain", "x"], "who": ["key:stopped", "nobody"], "perms": ["EMAIL", "x"],
    "siteworx_id": ["1", "999"],
    "external_id": ["order-9", "order-1"], "new_external_id": ["order-1", "order-2"],
    "expect_domain": ["example.com", "b.test"], "expect_version": ["0"],
}  # fmt: skip
MORE: dict[str, list[dict[str, Raw]]] = {
    "restoreSiteWorxAccount": [{"domain": "resold.test"}],
    "ensureSiteWorxAccount": [
        {"external_id": "order-1", "master_domain": "example.com", **raw}
        for raw in ({}, {"nickname": "N"}, {"nickname": "M"}, {"email": "second@example.com"})
    ],
}  # fmt: skip
"""Inputs of an action that are good or bad together only."""

UNDOING: dict[str, tuple[str, dict[str, Raw]]] = {
    "unsuspendReseller": ("suspendReseller", {"reseller_id": "3"}),
}  # fmt: skip
"""What must be done before an action has something to do."""

ON_CLOSED = ("restoreSiteWorxAccount", "holdSiteWorxAccount", "purgeSiteWorxAccount")
SOME_OF_CLOSED: dict[str, list[Raw]] = {
    "domain": ["gone.test", "nowhere.test", "example.com", "x"], "siteworx_id": ["999", "1"],
    "master_domain": ["back.test", "b.test", "x"], "uniqname": ["back", "b"], "hold": ["1", "0", "x"],
    "expect_domain": ["gone.test", "b.test"], "expect_version": ["0"],
}  # fmt: skip
"""What is said to actions on closed accounts."""

SOME_OF_USERS: dict[str, list[Raw]] = {"user": ["second@example.com", "nobody@example.com", "me@example.com"]}
"""What `user` is in `/siteworx/users`."""


def tried(action: Action) -> list[dict[str, Raw]]:
    """Inputs good and bad: each value beside good others, and some pairs of values."""
    some = SOME | (SOME_OF_USERS if action.controller == "/siteworx/users" else meant(action))
    some |= SOME_OF_CLOSED if action.name in ON_CLOSED else {}
    some |= meant_jobs(action)
    fields = [item for item in action.input.fields if item.name in some]
    base = {item.name: some[item.name][0] for item in fields if item.required}
    if {"domain", "siteworx_id"} <= {item.name for item in fields}:
        base["domain"] = some["domain"][0]
    if action.path == "ensureSiteWorxAccount":  # it is required where there is no account
        base["password"] = PASSWORD
    if "OPT_STORAGE" in {item.name for item in fields}:
        base |= {"OPT_STORAGE": "5", "OPT_BANDWIDTH": "5"}
    if "RSL_OPT_STORAGE" in {item.name for item in fields}:
        base |= {f"RSL_OPT_{name}": "5" for name in ("STORAGE", "BANDWIDTH", "SITEWORX_ACCOUNTS")}
    single = [beside(base, {item.name: value}) for item in fields for value in some[item.name]]
    pairs = [
        beside(base, {one.name: first, other.name: second})
        for one, other in itertools.combinations(fields, 2)
        for first in some[one.name] for second in some[other.name]
    ]  # fmt: skip
    more = [base | raw for raw in MORE.get(action.path, [])]
    return [base, {}, base, *single, *pairs[:: max(1, len(pairs) // 8)], *more]


def beside(base: dict[str, Raw], given: dict[str, Raw]) -> dict[str, Raw]:
    """The base with other inputs; an account that is named by its id is not named by its domain too."""
    named = given.keys() & {"siteworx_id", "external_id"}
    return {name: value for name, value in base.items() if name != "domain" or not named} | given


@dataclasses.dataclass(frozen=True)
class Situation:
    """How often services fail in a call, whether an earlier change is stuck, what the server has room for."""

    failures: int = 0
    stuck: bool = False
    accounts: int = 9
    addresses: bool = True


SITUATIONS = (
    Situation(), Situation(failures=1), Situation(failures=3, stuck=True), Situation(accounts=2),
    Situation(addresses=False),
)  # fmt: skip


def furnish(world: World) -> None:
    """Two accounts, two packages, a reseller who gave away all that it has: something to be done, and
    something to be refused."""
    packages = {name for (name,) in world.rows("select name from package")}
    living = {
        name for (name,) in world.rows("select domain from account where state in ('active', 'inactive')")
    }
    for name in {"basic", "used"} - packages:
        world.outcome("createPackage", {"package_name": name, "OPT_STORAGE": "5", "OPT_BANDWIDTH": "5"})
    if "new.test" in living:
        world.outcome("deleteSiteWorxAccount", {"domain": "new.test"})
    if "example.com" not in living:
        world.outcome(
            "createSiteWorxAccount", opening("example.com", packagetemplate="used", external_id="order-1")
        )
    furnish_closed(world, living)
    if "b.test" not in living:
        world.outcome(
            "createSiteWorxAccount",
            opening("b.test", uniqname="b", master_domain_ipv4=DEDICATED[0], external_id="order-2"),
        )
    furnish_resellers(world, living)
    furnish_users(world)
    furnish_names(world)
    furnish_jobs(world)


def furnish_closed(world: World, living: set[str]) -> None:
    """A closed account, and a key that closed too many."""
    for name in {"gone.test", "back.test"} & living:
        world.outcome("deleteSiteWorxAccount", {"domain": name})
    if not world.rows("select 1 from account where domain = 'gone.test' and state = 'parked'"):
        world.outcome("createSiteWorxAccount", opening("gone.test", uniqname="gone"))
        world.outcome("deleteSiteWorxAccount", {"domain": "gone.test"})
    stop(world, "key:stopped")


def stop(world: World, who: str) -> None:
    sql = "insert into breaker (who, tripped, terminations) values (?, 0, 5) on conflict (who) do nothing"
    world.panel.database.change(lambda tx: tx.run(sql, who))


def stopped_key(world: World, scope: str) -> Credentials:
    """A key that closes no more accounts."""
    key = world.scoped_key(scope)
    stop(
        world,
        world.value("select 'key:' || id from api_key where name = 'named' order by created desc limit 1"),
    )
    return key


def furnish_users(world: World) -> None:
    """A further user of example.com, and as many of b.test as there may be."""
    have = dict(world.rows("select domain, count(*) from site_user u join account a on a.id = u.account_id"
                           " where a.state in ('active', 'inactive') group by domain"))  # fmt: skip
    second = "select id from account where domain = 'example.com' and state in ('active', 'inactive')"
    known = world.rows(f"select 1 from site_user where account_id = ({second}) and email like 'second@%'")
    wanted = [] if known else [("example.com", "second@example.com")]
    wanted += [("b.test", f"u{number}@b.test") for number in range(have.get("b.test", 0), MOST)]
    sql = (
        "insert into site_user (account_id, email, nickname, argon2, crypt, perms, created)"
        " select id, ?, 'User', 'none', 'none', '[\"LOGIN\"]', 0 from account"
        " where domain = ? and state in ('active', 'inactive')"
    )
    if wanted:
        world.panel.database.change(lambda tx: tx.run_many(sql, [(mail, domain) for domain, mail in wanted]))


def furnish_resellers(world: World, living: set[str]) -> None:
    """Reseller packages, and the reseller of id 3 with its account, which has all of its limits."""
    packages = {name for (name,) in world.rows("select name from reseller_package")}
    limits = {f"RSL_OPT_{name}": "1" for name in ("STORAGE", "BANDWIDTH", "SITEWORX_ACCOUNTS")}
    for name in {"basic", "used"} - packages:
        world.outcome("createResellerPackage", {"package_name": name, **limits})
    for (new,) in world.rows("select id from nodeworx_user where id > 3 and deleted is null"):
        world.outcome("deleteReseller", {"reseller_id": str(new)})
    if not world.rows("select 1 from nodeworx_user where id = 3"):
        world.outcome("createReseller", selling("full@example.com", packagetemplate="used", **limits))
    if "sold.test" not in living and (full := reseller_3(world)):
        small = {"OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"}
        if not world.rows("select 1 from account where domain = 'resold.test' and state = 'parked'"):
            world.outcome("createSiteWorxAccount", opening("resold.test", **small), full)
            world.outcome("deleteSiteWorxAccount", {"domain": "resold.test"})
        world.outcome("createSiteWorxAccount", opening("sold.test", **small), full)
        world.settle()


def reseller_3(world: World) -> Credentials | None:
    """A key of it, while it is there."""
    made = world.outcome("generateApiKey", {"nodeworx_id": "3"}).answer
    return Credentials(apikey=made.apikey, address="192.0.2.9") if made else None


@EACH
def test_it_ends_with_the_errors_it_declares_and_a_write_is_recorded(
    installed: Path, tmp_path: Path, action: Action, cheap_passwords: None
) -> None:
    ended: set[type[ApiError]] = set()
    for number, situation in enumerate(SITUATIONS if action.writes else SITUATIONS[:1]):
        driver = Recording()
        state = Path(shutil.copytree(installed, tmp_path / str(number)))
        world = open_world(state, [driver], config(max_accounts=situation.accounts))
        world.reseller("taken@example.com")
        furnish(world)
        if not situation.addresses:
            world.panel.database.change(lambda tx: tx.run("delete from address"))
        for at, raw in enumerate(tried(action)):
            if action.name in UNDOING:
                world.outcome(*UNDOING[action.name])
            driver.fail(situation.failures)
            if situation.stuck:
                world.outcome("editSiteWorxAccount", {"domain": "example.com", "status": str(at % 2)})
            ended |= tries(world, action, raw, inside(action, at))
            driver.fail(0)
            if action.writes:
                world.clock.forward(400)
                world.sweep()
                furnish(world)
        full = reseller_3(world)
        if action.scope in ("accounts:delete", "closed:delete"):
            ended |= tries(world, action, tried(action)[0], stopped_key(world, action.scope))
        if full and action.scope in RESELLER:
            ended |= tries(world, action, tried(action)[0], full)
        own = own_user(world) if action.controller.startswith("/siteworx/") else None
        if own:
            ended |= tries(world, action, tried(action)[0], Credentials(session=own, address="192.0.2.9"))
        world.panel.close()
    assert InternalError not in ended
    assert ended <= {*action.raises, *COMMON}, "an error that it does not declare"
    while_it_opens = {Pending} if action.controller in OPENING else set()
    assert ended >= set(action.raises) - while_it_opens, "an error that never happens"


OPENING = ("/siteworx/users", "/siteworx/index", "/siteworx/domains/slave")
"""What is done here inside an account is pending only while that was never built: as in test_once.py."""


def inside(action: Action, at: int) -> Credentials:
    """Who makes the call, and for actions inside an account mostly inside one that is there; b.test has all
    the users that it may have."""
    if action.run.__name__ == "log_in":
        return LOGIN
    domain = "nowhere.test" if at == 0 else "b.test" if at % 5 == 0 else "example.com"
    return dataclasses.replace(LOCAL, domain=domain)


def tries(world: World, action: Action, raw: dict[str, Raw], by: Credentials) -> set[type[ApiError]]:
    """Make a call and look at what it leaves; its error."""
    before = world.value("select coalesce(max(id), 0) from audit")
    (outcome,) = world.outcomes(Asked(action, raw, by, "pages", "the-request"))
    rows = world.rows("select action, inputs from audit where id > ? and who <> 'engine'", before)
    if action.writes and not isinstance(outcome.error, InvalidInput):
        ((name, kept),) = rows
        inputs = json.loads(kept)
        assert name == action.path
        assert inputs.keys() == raw.keys()
        assert {
            inputs[item.name] for item in action.input.fields if item.shape.secret and item.name in raw
        } <= {MASK}
    if not action.writes:
        assert rows == []
    if outcome.error is not None:
        return {type(outcome.error)}
    assert_typed(action.answer, outcome)
    return set()


def assert_typed(shape: Shape, outcome: Outcome) -> None:
    """An answer is of the type that was declared, to its last member."""
    rows = outcome.answer if shape.many else [outcome.answer]
    for row in rows:
        assert isinstance(row, shape.struct or object)
        for item in shape.fields:
            value = getattr(row, item.name)
            if value is None:
                assert item.shape.optional, item.name
            elif item.shape.struct is not None:
                assert_typed(item.shape, Outcome(value))
            elif item.shape.kind is not None:
                for one in value if item.shape.many else [value]:
                    assert item.shape.kind.parse(written(one), RULES) == one, item.name


def written(value: Any) -> str:
    if isinstance(value, Plain):
        return value.reveal
    assert not isinstance(value, Hashed)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
