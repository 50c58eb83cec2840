"""The classic key: one for a user, shown once, dead everywhere the moment it is deleted or replaced."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from iwapi.asked import Credentials
from iwapi.core.keys import BEGIN, END, read_key
from iwapi.errors import NotAuthenticated, ResellerNotFound
from iwapi.kinds import Plain
from iwapi.provision.recording import Recording
from tests.helpers import ADMIN, ADMIN_PASSWORD, LOCAL, World, config, open_world, selling
from tests.routing import by_key, payload, route


def works(world: World, key: Credentials) -> bool:
    outcome = world.outcome("ping", by=key)
    assert outcome.error is None or type(outcome.error) is NotAuthenticated
    return outcome.error is None


def test_a_key_is_generated_shown_once_and_works(world: World) -> None:
    assert world.call("getApiKey").message == "API key not set."
    generated = world.call("generateApiKey")
    assert generated.message == "New Remote Access Key Generated."
    text = generated.apikey.reveal
    read = read_key(text)
    assert read is not None
    assert read.id == generated.key_id
    pong = world.call("ping", by=Credentials(apikey=Plain(text)))
    assert (pong.caller, pong.master, pong.scopes) == (f"key:{read.id}", True, ("all",))
    shown = world.call("getApiKey")
    assert (shown.message, shown.key.key_id, shown.key.active, shown.key.classic) == (
        None,
        read.id,
        True,
        True,
    )
    stored = str([world.rows(f"select * from {table}") for table in ("api_key", "audit", "job")])
    assert read.secret not in stored
    assert read.id in stored


def test_generating_again_replaces_the_key_at_once(world: World) -> None:
    first = world.key()
    second = world.key()
    assert not works(world, first)
    assert works(world, second)
    assert [key.active for key in world.call("listApiKeys").keys].count(True) == 1
    assert world.value("select count(*) from api_key where classic = 1 and revoked is null") == 1


def test_a_deleted_key_is_dead_and_its_id_stays(world: World) -> None:
    key = world.key()
    assert world.call("deleteApiKey").message == "API key successfully deleted."
    assert not works(world, key)
    assert world.call("deleteApiKey").message == "API key not set."
    assert world.call("getApiKey").key is None
    (kept,) = world.call("listApiKeys").keys
    assert (kept.active, kept.date_revoked is not None) == (False, True)
    assert f"key:{kept.key_id}" in {who for (who,) in world.rows("select about from audit")}


def test_a_key_may_delete_itself(world: World) -> None:
    key = world.key()
    world.call("deleteApiKey", by=key)
    assert not works(world, key)


def test_a_key_survives_a_new_email_address_and_a_new_password(world: World) -> None:
    key = world.key()
    world.call("editAdministrator", {"email": "new@example.com"})
    assert works(world, key)
    world.call("editAdministrator", {"password": "Another-password-1"})
    assert works(world, key)
    assert world.call("ping", by=key).email == "new@example.com"
    world.call("editAdministrator", {"email": "third@example.com", "password": "Third-password-1"}, by=key)
    assert works(world, key)


def test_each_user_has_its_own_key(world: World) -> None:
    mine, theirs = world.key(), world.reseller()
    assert world.call("ping", by=theirs).nodeworx_id != world.call("ping", by=mine).nodeworx_id
    world.call("deleteApiKey", by=theirs)
    assert works(world, mine)
    assert not works(world, theirs)


def test_the_master_hands_a_reseller_its_key(world: World) -> None:
    mine = world.key()
    made = world.call("createReseller", selling())
    whose = {"nodeworx_id": str(made.reseller_id)}
    assert world.call("getApiKey", whose).message == "API key not set."
    theirs = Credentials(apikey=world.call("generateApiKey", whose, mine).apikey, address="192.0.2.9")
    who = world.call("ping", by=theirs)
    assert (who.nodeworx_id, who.email, who.master) == (made.reseller_id, made.email, False)
    own = world.call("generateApiKey", by=theirs)  # and it makes itself another
    assert not works(world, theirs)
    assert world.call("getApiKey", whose).key.key_id == own.key_id
    assert [key.active for key in world.call("listApiKeys", whose).keys] == [True, False]
    assert world.call("deleteApiKey", whose).message == "API key successfully deleted."
    assert world.call("getApiKey", whose).message == "API key not set."
    assert works(world, mine)


def test_nobody_but_the_master_names_another_user_s_key(world: World) -> None:
    theirs = world.reseller()
    world.reseller("other@example.com")
    for name in ("generateApiKey", "deleteApiKey", "getApiKey", "listApiKeys"):
        for nodeworx_id in ("1", "3", "99"):
            assert type(world.refused(name, {"nodeworx_id": nodeworx_id}, theirs)) is ResellerNotFound
        assert type(world.refused(name, {"nodeworx_id": "99"})) is ResellerNotFound
    assert world.call("getApiKey", {"nodeworx_id": "2"}, theirs).key.active is True  # its own
    assert world.value("select count(*) from api_key where revoked is null") == 2


def test_a_key_of_a_user_who_is_switched_off_is_refused(world: World) -> None:
    key = world.reseller()
    world.panel.database.change(
        lambda tx: tx.run("update nodeworx_user set active = 0 where role = 'reseller'")
    )
    assert not works(world, key)


def test_a_write_that_was_queued_before_the_delete_is_refused(world: World, cheap_passwords: None) -> None:
    """The key was good when the call came in; the transaction that would commit looks at it again."""
    key = world.key()
    go, entered = threading.Event(), threading.Event()

    def hold(_: Any) -> None:
        entered.set()
        assert go.wait(20)

    world.panel.database.write(hold, lambda *_: None)
    assert entered.wait(10)
    delete = world.asked("deleteApiKey", {}, LOCAL, "cli")
    package = {"package_name": "late", "OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"}
    late = world.asked("createPackage", package, key, "soap")
    threading.Timer(0.1, go.set).start()
    deleted, refused = world.outcomes(delete, late)
    assert deleted.error is None
    assert type(refused.error) is NotAuthenticated
    assert world.rows("select * from package") == []
    assert world.rows("select action, result from audit order by id desc limit 1") == [
        ("createPackage", "NOT_AUTHENTICATED")
    ]


OTHER = """
import sys, time
from pathlib import Path
from iwapi.app import open_panel
from iwapi.asked import Credentials
from iwapi.config import load
from iwapi.errors import NotAuthenticated, ResellerNotFound
from iwapi.kinds import Plain
from iwapi.provision.recording import Recording

panel = open_panel(Path(sys.argv[1]), load(None, {}), [Recording()])
key = Credentials(apikey=Plain(sys.argv[2]))
ping = panel.catalogue.named["ping"]
for line in sys.stdin:
    try:
        panel.call(ping, {}, key)
        print("works", flush=True)
    except NotAuthenticated:
        print("refused", flush=True)
panel.close()
"""


def test_a_key_is_dead_in_every_process_the_moment_the_delete_returns(state: Path, driver: Recording) -> None:
    world = open_world(state, [driver], config())
    key = world.key()
    assert key.apikey is not None
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(state), key.apikey.reveal],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdin is not None
    assert other.stdout is not None

    def ask() -> str:
        print(file=other.stdin, flush=True)
        return other.stdout.readline().strip()

    assert ask() == "works"
    world.call("deleteApiKey")
    assert ask() == "refused"
    assert world.value("select count(*) from api_key where revoked is null") == 0
    other.communicate(timeout=20)
    world.panel.close()


def test_the_last_use_is_written_at_most_once_a_minute(world: World) -> None:
    key = world.key()

    def last() -> tuple[Any, ...]:
        world.call("ping", by=key)
        world.settle()
        return world.rows("select last_used, last_address, last_client from api_key")[0]

    began = int(world.clock.now)
    assert last() == (began, "198.51.100.7", "test")
    world.clock.forward(59)
    assert last()[0] == began
    world.clock.forward(1)
    assert last()[0] == began + 60
    assert world.call("getApiKey").key.last_used.timestamp() == began + 60


def test_a_planted_and_a_widened_key_do_not_open(world: World) -> None:
    world.reseller()
    key = world.scoped_key("ping")
    before = world.rows("select scopes, owner, classic, expires from api_key where name = 'named'")[0]
    for change in (
        "scopes = null",
        'scopes = \'["ping", "keys:edit"]\'',
        "owner = 2",
        "classic = 1",
        "expires = 1",
    ):
        world.panel.database.change(
            lambda tx, change=change: tx.run(f"update api_key set {change} where name = 'named'")
        )
        assert not works(world, key), change
        world.panel.database.change(
            lambda tx: tx.run(
                "update api_key set scopes = ?, owner = ?, classic = ?, expires = ? where name = 'named'",
                *before,
            )
        )
    assert works(world, key)


def test_a_named_key_may_do_only_what_its_scopes_say_until_it_expires_and_from_its_addresses(
    world: World,
) -> None:
    key = world.scoped_key("ping", expires=int(world.clock.now) + 100)
    assert world.call("ping", by=key).scopes == ("ping",)
    assert world.refused("listPackages", by=key).code == "NOT_PERMITTED"
    world.clock.forward(100)
    assert not works(world, key)
    assert works(world, world.scoped_key("ping", addresses=["198.51.100.7"]))
    assert not works(world, world.scoped_key("ping", addresses=["198.51.100.8"]))


APIKEY = "/nodeworx/apikey/"


def test_on_route_a_key_is_shown_once_and_masked_from_then_on(world: World) -> None:
    by = {"email": ADMIN, "password": ADMIN_PASSWORD}
    world.panel.dispatch.password_login = True
    unset = payload(world, by, APIKEY + "listApikey")
    assert unset == payload(world, by, APIKEY + "delete") == "API key not set."
    assert "INTERWORX API KEY" not in unset
    sentence, _, block = payload(world, by, APIKEY + "generate").partition("\n")
    assert sentence == "New Remote Access Key Generated."
    read = read_key(block)
    assert read is not None
    shown = payload(world, block, APIKEY + "listApikey")
    assert shown == f"{BEGIN}\nIWAPI1{read.id}{'*' * 49}\n{END}"
    assert read_key(shown) is None
    assert route(world, shown, APIKEY + "listApikey")[0] == 401


def test_on_route_a_key_deletes_itself_and_the_next_call_is_refused(world: World) -> None:
    key = by_key(world)
    assert payload(world, key, APIKEY + "delete") == "API key successfully deleted."
    assert route(world, key, APIKEY + "listApikey")[0] == 401


def test_on_route_generating_by_a_key_replaces_that_key(world: World) -> None:
    key = by_key(world)
    _, _, fresh = payload(world, key, APIKEY + "generate").partition("\n")
    assert route(world, key, APIKEY + "listApikey")[0] == 401
    assert BEGIN in payload(world, fresh, APIKEY + "listApikey")


def test_what_is_worth_less_than_its_user_makes_no_key_and_changes_no_log_in(world: World) -> None:
    whole = world.key()
    session = world.call("/nodeworx/index/getSession", by=whole).token
    narrow = [
        world.scoped_key("keys:edit", "users:edit"), world.scoped_key(addresses=["198.51.100.7"]),
        Credentials(session=session, address="198.51.100.7"),
    ]  # fmt: skip
    for by in narrow:
        assert world.refused("generateApiKey", by=by).code == "NOT_PERMITTED"
        assert world.refused("editAdministrator", {"email": "x@example.com"}, by).code == "NOT_PERMITTED"
    assert works(world, whole)
    world.call("generateApiKey", by=whole)
