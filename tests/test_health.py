"""What the doctor finds: each sickness by its subject and grade, and nothing of it on a healthy server."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from iwapi.app import StateError, open_panel
from iwapi.asked import Credentials
from iwapi.config import Config, load
from iwapi.core.finding import Finding
from iwapi.health import examine
from iwapi.kinds import Plain
from tests.helpers import World, rows


def settings(**values: object) -> Config:
    """Settings whose listeners answer nowhere, unless said otherwise."""
    quiet = dict.fromkeys(("listen_tls", "admin_listen", "sites_listen", "dns_listen"), "127.0.0.1:1")
    return load(None, {}).replace(**{**quiet, **values})


def sick(state: Path, config: Config | None = None) -> dict[str, str]:
    """The grade of each subject that is not well. Who owns the state is up to who runs the tests."""
    found = examine(state, config or settings())
    assert all(finding.todo for finding in found if finding.grade != "ok")
    return {
        finding.about: finding.grade
        for finding in found
        if finding.grade != "ok" and finding.about != "owner"
    }


def change(state: Path, sql: str) -> None:
    with closing(sqlite3.connect(state / "iwapi.db")) as connection:
        connection.executescript(sql)


def test_a_server_that_does_not_run_has_no_other_fault(state: Path) -> None:
    assert sick(state) == {"ports": "warn"}


def test_looking_changes_nothing(state: Path) -> None:
    before = rows(state, "select * from audit"), (state / "pepper").read_bytes()
    examine(state, settings())
    assert (rows(state, "select * from audit"), (state / "pepper").read_bytes()) == before


def cut_pepper(state: Path) -> None:
    (state / "pepper").write_bytes(b"short")


def another_pepper(state: Path) -> None:
    (state / "pepper").write_bytes(bytes(32))


def no_database(state: Path) -> None:
    (state / "iwapi.db").unlink()


def no_database_at_all(state: Path) -> None:
    (state / "iwapi.db").write_bytes(b"this is no database, however long it is" * 100)


def open_folder(state: Path) -> None:
    state.chmod(0o755)
    (state / "iwapi.db").chmod(0o644)


def newer_tables(state: Path) -> None:
    change(
        state,
        "insert into _yoyo_migration (migration_hash, migration_id, applied_at_utc)"
        " values ('x', '9999_from_the_future', '2027-01-01')",
    )


def older_tables(state: Path) -> None:
    change(state, "delete from _yoyo_migration")


def no_administrator(state: Path) -> None:
    change(state, "delete from nodeworx_user")


def no_addresses(state: Path) -> None:
    change(state, "delete from address")


def a_stopped_key(state: Path) -> None:
    change(state, "insert into breaker (who, tripped, terminations) values ('key:abc', 0, 7)")


def a_moved_store(state: Path) -> None:
    change(state, "insert into meta (name, value) values ('moved', 'postgresql://iwapi:***@db.test/iwapi')")


@pytest.mark.parametrize(
    ("make_sick", "about", "grade"),
    [
        (cut_pepper, "pepper", "fail"),
        (another_pepper, "pepper", "fail"),
        (no_database, "database", "fail"),
        (no_database_at_all, "database", "fail"),
        (open_folder, "permissions", "fail"),
        (newer_tables, "migrations", "fail"),
        (older_tables, "migrations", "warn"),
        (a_moved_store, "database", "fail"),
        (no_administrator, "administrator", "fail"),
        (no_addresses, "addresses", "warn"),
        (a_stopped_key, "terminations", "warn"),
    ],
)
def test_a_sick_state_is_found(
    state: Path, make_sick: Callable[[Path], None], about: str, grade: str
) -> None:
    make_sick(state)
    assert sick(state) == {about: grade, "ports": "warn"}


def test_a_store_that_was_moved_is_told_as_it_is_told_to_whoever_opens_it(state: Path) -> None:
    a_moved_store(state)
    with pytest.raises(StateError) as refused:
        open_panel(state, settings(), [])
    (found,) = [one for one in examine(state, settings()) if one.about == "database"]
    assert f"{found.text} {found.todo}" == str(refused.value)
    assert "was moved to postgresql://iwapi:***@db.test/iwapi. Set `database` to that." in str(refused.value)


def test_the_store_in_use_is_named(state: Path) -> None:
    told = {found.about: found.text for found in examine(state, settings())}
    assert told["database"] == f"The database of {state} is the one in use."


def test_a_folder_that_is_not_there_is_not_set_up(tmp_path: Path) -> None:
    assert sick(tmp_path / "missing")["state"] == "fail"


@pytest.mark.parametrize(
    ("owner", "runs", "said"), [(0, 0, "root"), (0, 7, "root"), (7, 8, "another user"), (7, 7, None)]
)
def test_the_state_belongs_to_a_user_of_its_own(
    state: Path, owner: int, runs: int, said: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = os.stat_result((0o40700, 0, 0, 2, owner, 0, 0, 0, 0, 0))
    real = Path.stat
    monkeypatch.setattr(Path, "stat", lambda path, **how: known if path == state else real(path, **how))
    monkeypatch.setattr(os, "geteuid", lambda: runs)
    told = [finding.text for finding in examine(state, settings()) if finding.about == "owner"]
    assert len(told) == (said is not None)
    assert all(said is not None and said in text for text in told)


def test_a_changed_audit_row_is_named(world: World) -> None:
    for name in ("a", "b"):
        world.call("createPackage", {"package_name": name, "OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"})
    world.settle()
    state = world.panel.state
    assert sick(state) == {"ports": "warn"}
    change(state, "drop trigger audit_no_update; update audit set who = 'nobody' where id = 2")
    found = {finding.about: finding for finding in examine(state, settings())}
    assert found["audit"].grade == "fail"
    assert "Row 2 " in found["audit"].text


def test_accounts_that_wait_are_counted(world: World) -> None:
    world.open()
    world.settle()
    change(world.panel.state, "update account set generation = applied + 1, next_try = 9999999999")
    found = {finding.about: finding for finding in examine(world.panel.state, settings())}
    assert found["accounts"].text == "1 wait for a change to be carried out."


@pytest.mark.parametrize(
    "harm", ["update reseller set given_storage = given_storage + 1", "update nodeworx_user set accounts = 0"]
)
def test_a_reseller_whose_kept_sums_are_wrong_is_named(world: World, harm: str) -> None:
    by = world.reseller()
    world.open("a.test", by)
    world.open("b.test", by)
    world.call("deleteSiteWorxAccount", {"domain": "b.test"}, by)
    world.settle()
    assert "resellers" not in sick(world.panel.state)
    change(world.panel.state, harm)
    found = {finding.about: finding for finding in examine(world.panel.state, settings())}
    assert found["resellers"].grade == "fail"
    assert "reseller@example.com" in found["resellers"].text


@pytest.mark.parametrize(
    ("values", "warned"),
    [
        ({"password_login": True, "allow_reserved_domains": True, "listen": "127.0.0.1:1"}, set()),
        ({"listen": "192.0.2.1:1"}, {"listen", "hostname"}),
        ({"listen_tls": "192.0.2.1:1"}, {"hostname"}),
        ({"listen_tls": "192.0.2.1:1", "hostname": "panel.example.net"}, set()),
        ({"listen_tls": "[::]:1", "password_login": True}, {"password_login", "hostname"}),
        (
            {"listen_tls": "192.0.2.1:1", "allow_reserved_domains": True},
            {"allow_reserved_domains", "hostname"},
        ),
    ],
)
def test_what_is_open_to_the_network_is_warned_of(
    state: Path, values: dict[str, object], warned: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iwapi.health._answers", lambda host, port: True)  # nothing is asked of the network
    assert sick(state, settings(**values)).keys() == warned


def said_of(state: Path, about: str, **values: object) -> str:
    (found,) = (finding for finding in examine(state, settings(**values)) if finding.about == about)
    return f"{found.grade}: {found.text} {found.todo}"


def test_the_doctor_tells_whether_modules_that_send_a_password_are_accepted_and_by_what(state: Path) -> None:
    refused = said_of(state, "password_login")
    assert refused.startswith("ok: The API refuses e-mail and password in place of a key")
    assert "password_login = true" in refused
    assert said_of(state, "password_login", password_login=True).startswith("ok: The API accepts e-mail")
    public = said_of(state, "password_login", password_login=True, listen_tls="192.0.2.1:1")
    assert public.startswith("warn: The API takes e-mail and password from the network.")


def test_a_log_in_that_the_setting_refused_is_told_for_some_days(world: World) -> None:
    sent = Credentials(email="me@example.com", password=Plain("x"), address="192.0.2.9")
    world.clock.now = datetime.now(UTC).timestamp() - 3600
    world.refused("ping", by=sent, wire="route")
    world.settle()
    state = world.panel.state
    told = said_of(state, "log-ins")
    assert told.startswith("warn: E-mail and password came from 192.0.2.9 on 20")
    assert "password_login = true" in told
    assert "log-ins" not in sick(state, settings(password_login=True))
    change(state, "update meta set value = '1700000000 192.0.2.9' where name = 'password_login_refused'")
    assert "log-ins" not in sick(state)


@pytest.fixture
def answering() -> Iterator[str]:
    """An address where something answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield f"127.0.0.1:{server.getsockname()[1]}"


def test_a_port_that_does_not_answer_while_others_do_is_named(state: Path, answering: str) -> None:
    config = settings(listen_tls=answering)
    (ports,) = (finding for finding in examine(state, config) if finding.about == "ports")
    assert ports.grade == "fail"
    assert "admin_listen 127.0.0.1 port 1" in ports.text
    assert "listen_tls" not in ports.text


def test_all_ports_that_answer_are_well(state: Path, answering: str) -> None:
    names = ("listen_tls", "admin_listen", "sites_listen", "dns_listen")
    assert sick(state, settings(**dict.fromkeys(names, answering))) == {}


def certificate(folder: Path, days: int) -> Config:
    """Settings with a certificate that ends in so many days."""
    made = trustme.CA().issue_cert(
        "panel.example.net", not_after=datetime.now(UTC) + timedelta(days=days, hours=1)
    )
    chain, key = folder / "chain.pem", folder / "key.pem"
    made.cert_chain_pems[0].write_to_path(chain)
    made.private_key_pem.write_to_path(key)
    return settings(tls_cert=str(chain), tls_key=str(key))


def found_certificate(state: Path, config: Config) -> Finding:
    (found,) = (finding for finding in examine(state, config) if finding.about == "certificate")
    return found


@pytest.mark.parametrize(("days", "grade"), [(100, "ok"), (10, "warn"), (-2, "fail")])
def test_the_certificates_end_is_told_before_it_comes(
    state: Path, tmp_path: Path, days: int, grade: str
) -> None:
    assert found_certificate(state, certificate(tmp_path, days)).grade == grade


def test_a_certificate_that_cannot_be_read_is_told(state: Path, tmp_path: Path) -> None:
    config = certificate(tmp_path, 100)
    (tmp_path / "key.pem").unlink()
    assert found_certificate(state, config).grade == "fail"
    (tmp_path / "key.pem").touch()
    (tmp_path / "chain.pem").write_text("none")
    assert found_certificate(state, config).grade == "fail"


def test_a_key_of_another_certificate_is_told(state: Path, tmp_path: Path) -> None:
    config = certificate(tmp_path, 100)
    trustme.CA().issue_cert("panel.example.net").private_key_pem.write_to_path(tmp_path / "key.pem")
    found = found_certificate(state, config)
    assert found.grade == "fail"
    assert "key.pem is not the key of" in found.text
