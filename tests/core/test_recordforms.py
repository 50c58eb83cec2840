"""Forms of records: what is kept of each, the form that it comes back as, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.core.recordforms import AAAA, CAA, CNAME, MX, SRV, TXT, A, Form, form_of
from iwapi.core.records import Data
from iwapi.errors import InvalidInput

ZONE = "example.com"
SIP: dict[str, Any] = {
    "service": "_sip", "protocol": "_tcp", "priority": 1, "weight": 2, "port": 5060, "target": "sip",
}  # fmt: skip
KEPT = [
    (A(ipaddress="192.0.2.1"), Data(ZONE, "A", "192.0.2.1")),
    (A(host="*", ipaddress="192.0.2.1", ttl=0), Data("*.example.com", "A", "192.0.2.1", 0)),
    (AAAA(host="www", ipaddress="2001:db8::1"), Data("www.example.com", "AAAA", "2001:db8::1")),
    (CNAME(host="shop", alias="@"), Data("shop.example.com", "CNAME", ZONE)),
    (CNAME(host="shop", alias="x.example.org."), Data("shop.example.com", "CNAME", "x.example.org")),
    (MX(preference=5, mail_server="mx"), Data(ZONE, "MX", "mx.example.com", priority=5)),
    (MX(preference=0, mail_server="."), Data(ZONE, "MX", ".", priority=0)),
    (TXT(host="_dmarc", text="v=DMARC1; p=none"), Data("_dmarc.example.com", "TXT", "v=DMARC1; p=none")),
    (SRV(**SIP), Data("_sip._tcp.example.com", "SRV", "2 5060 sip.example.com", priority=1)),
    (SRV(**SIP, domain="a"), Data("_sip._tcp.a.example.com", "SRV", "2 5060 sip.example.com", priority=1)),
    (CAA(issue="ca.example"), Data(ZONE, "CAA", "0 issue ca.example")),
    (
        CAA(domain="a", flags=128, tag="issuewild", issuewild=";"),
        Data("a.example.com", "CAA", "128 issuewild ;"),
    ),
    (CAA(iodef="mailto:me@example.com"), Data(ZONE, "CAA", "0 iodef mailto:me@example.com")),
]


@pytest.mark.parametrize(("form", "data"), KEPT, ids=lambda value: getattr(value, "value", ""))
def test_what_is_kept_of_a_form_comes_back_as_a_form_that_gives_the_same(form: Form, data: Data) -> None:
    assert form.data(ZONE) == data
    again = form_of(data)
    assert type(again) is type(form)
    assert again.data(ZONE) == data
    assert again.listed["target"] in (data.value, data.value.rpartition(" ")[2])


def refused(form: Form) -> dict[str, str]:
    with pytest.raises(InvalidInput) as error:
        form.data(ZONE)
    return {problem.field: problem.problem for problem in error.value.problems}


def test_a_name_outside_of_the_zone_is_refused_by_the_input_that_names_it() -> None:
    assert refused(TXT(host="example.org.", text="x")) == {"host": "This name is outside of the zone"}
    assert refused(CAA(domain="example.org.", issue=";")) == {"domain": "This name is outside of the zone"}
    assert refused(SRV(**SIP, domain="example.org.")) == {"domain": "This name is outside of the zone"}
    assert set(refused(SRV(**SIP, domain="*"))) == {"domain"}


def test_a_caa_record_has_the_value_of_its_tag_and_no_other() -> None:
    assert refused(CAA()) == {"tag": "This input is required"}
    assert refused(CAA(tag="issue")) == {"issue": "This input is required"}
    assert refused(CAA(tag="issue", issuewild="ca.example")) == {"issue": "This input is required"}
    assert set(refused(CAA(tag="issue", issue=";", iodef="mailto:a@b.example"))) == {"iodef"}
    assert set(refused(CAA(iodef="ca.example"))) == {"iodef"}


def test_a_change_replaces_what_it_names() -> None:
    form = form_of(Data("www.example.com", "MX", "mx.example.org", 60, 10))
    assert form.changed({"preference": 5}).data(ZONE) == Data(
        "www.example.com", "MX", "mx.example.org", 60, 5
    )
    caa = form_of(Data(ZONE, "CAA", "0 issue ca.example"))
    assert caa.changed({"flags": 128}).data(ZONE).value == "128 issue ca.example"
    assert caa.changed({"issuewild": ";"}).data(ZONE).value == "0 issuewild ;"
    assert (
        caa.changed({"tag": "iodef", "iodef": "mailto:a@b.example"}).data(ZONE).value.startswith("0 iodef ")
    )
    assert refused(caa.changed({"tag": "iodef"})) == {"iodef": "This input is required"}
