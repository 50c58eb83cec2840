"""Options: what a call names, what a package gives, what is not named is not granted."""

import dataclasses

from iwapi.core import limits
from iwapi.core.limits import GivenLimits, Limits
from iwapi.errors import REQUIRED
from iwapi.kinds import UNLIMITED
from iwapi.shape import shape_of

INTERWORX = """
    OPT_STORAGE OPT_BANDWIDTH OPT_EMAIL_ALIASES OPT_EMAIL_AUTORESPONDERS OPT_EMAIL_BOXES OPT_EMAIL_GROUPS
    OPT_FTP_ACCOUNTS OPT_MYSQL_DBS OPT_MYSQL_DB_USERS OPT_POINTER_DOMAINS OPT_SLAVE_DOMAINS OPT_SUBDOMAINS
    OPT_BACKUP
    OPT_CGI_ACCESS OPT_CRONTAB OPT_DNS_RECORDS OPT_SSL OPT_BURSTABLE OPT_SAVE_XFER_LOGS
""".split()


def test_every_option_of_interworx_is_there() -> None:
    assert list(limits.NAMES) == INTERWORX
    assert [item.name for item in shape_of(GivenLimits).fields] == INTERWORX


def test_an_option_that_is_given_may_be_left_out_and_keeps_its_kind_and_help() -> None:
    for decided, given in zip(shape_of(Limits).fields, shape_of(GivenLimits).fields, strict=True):
        assert decided.required
        assert (given.required, given.default, given.shape.optional) == (False, None, True)
        assert (given.shape.kind, given.help) == (decided.shape.kind, decided.help)


def test_given_are_those_that_were_named_nothing_among_them() -> None:
    assert limits.given(vars(GivenLimits())) == {}
    named = {"OPT_STORAGE": 0, "OPT_BACKUP": False, "OPT_SUBDOMAINS": UNLIMITED}
    assert limits.given(vars(GivenLimits(**named))) == named
    assert limits.given({**named, "domain": "example.com", "OPT_SSL": None}) == named


def test_the_two_sizes_must_be_named() -> None:
    assert [(p.field, p.problem) for p in limits.missing({})] == [
        ("OPT_STORAGE", REQUIRED),
        ("OPT_BANDWIDTH", REQUIRED),
    ]
    assert limits.missing({"OPT_STORAGE": 0, "OPT_BANDWIDTH": 1}) == []


def test_what_is_not_named_is_not_granted() -> None:
    decided = limits.limits({"OPT_STORAGE": 5, "OPT_BANDWIDTH": 6, "OPT_SSL": True})
    granted = {name: value for name, value in vars(decided).items() if value}
    assert granted == {"OPT_STORAGE": 5, "OPT_BANDWIDTH": 6, "OPT_SSL": True}
    assert all(isinstance(getattr(decided, name), int) for name in limits.NAMES)


def test_a_change_replaces_what_it_names() -> None:
    before = limits.limits(dict.fromkeys(limits.NAMES, 1))
    after = limits.changed(before, {"OPT_STORAGE": 0, "OPT_SSL": False})
    assert after == dataclasses.replace(before, OPT_STORAGE=0, OPT_SSL=False)


def test_a_kept_number_is_a_flag_where_the_option_is_one() -> None:
    assert limits.typed("OPT_SSL", 1) is True
    assert limits.typed("OPT_STORAGE", 1) == 1
    assert limits.typed("OPT_STORAGE", 1) is not True
