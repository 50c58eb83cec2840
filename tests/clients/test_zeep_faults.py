"""Faults, tokens and versions: what zeep and curl get when a call is not as it should be, or not as usual."""

from __future__ import annotations

import json

import pytest
import requests

from tests.clients.byhand import OPENING
from tests.clients.visitor import curl
from tests.clients.zeeped import COMMITTED, Client
from tests.sandbox import Sandbox


def test_a_fault_names_every_wrong_input_at_once_and_the_log_knows_it(
    sandbox: Sandbox, client: Client
) -> None:
    name, detail = client.refused(
        "createSiteWorxAccount", master_domain="exa mple.com", uniqname="9x", email="me", password="hunter2",
        packagetemplate="", master_domain_ipv4="1.2.3", OPT_STORAGE=-1,
    )  # fmt: skip
    assert name == "InvalidInputFault"
    assert (detail["code"], detail["retryable"]) == ("INVALID_INPUT", False)
    assert [(problem["field"], problem["value"]) for problem in detail["problems"]] == [
        ("master_domain", "exa mple.com"), ("uniqname", "9x"), ("email", "me"), ("password", "********"),
        ("packagetemplate", None), ("master_domain_ipv4", "1.2.3"), ("OPT_STORAGE", "-1"),
    ]  # fmt: skip
    assert all(problem["problem"] and problem["allowed"] for problem in detail["problems"])
    lines = map(json.loads, sandbox.logged().splitlines())
    logged = [line["event"] for line in lines if line.get("request_id") == detail["request_id"]]
    assert logged == ["createSiteWorxAccount INVALID_INPUT", "POST /soap/billing 500"]


def test_names_that_are_taken_are_told_with_their_own_codes(client: Client) -> None:
    client("createSiteWorxAccount", master_domain="taken.example", uniqname="taken", **OPENING)
    name, detail = client.refused("createSiteWorxAccount", master_domain="taken.example", **OPENING)
    assert (name, detail["code"], detail["retryable"]) == ("DomainTakenFault", "DOMAIN_TAKEN", False)
    assert detail["customer_message"] == "This domain name is already in use here."
    assert detail["problems"][0]["problem"] == "Domain name already exists"
    name, detail = client.refused(
        "createSiteWorxAccount", master_domain="taken.example", uniqname="taken",
        **OPENING | {"packagetemplate": "nope"},
    )  # fmt: skip
    assert (name, {problem["code"] for problem in detail["problems"]}) == (
        "InvalidInputFault", {"DOMAIN_TAKEN", "UNIX_NAME_TAKEN", "PACKAGE_NOT_FOUND"},
    )  # fmt: skip
    client("deleteSiteWorxAccount", domain="taken.example")


def test_a_bearer_token_is_a_key(sandbox: Sandbox, key: str) -> None:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {''.join(key.split())}"
    bearer = Client(str(COMMITTED / "iwapi.wsdl"), {}, sandbox.soap_typed, session)
    assert bearer("ping")["email"] == "admin@example.com"
    session.headers["Authorization"] = "Bearer nonsense"
    assert bearer.refused("ping")[0] == "NotAuthenticatedFault"


@pytest.mark.needs("curl")
def test_an_envelope_of_soap_1_2_is_answered_in_1_2(sandbox: Sandbox, key: str) -> None:
    envelope = (
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:i="urn:iwapi:billing:1">'
        f"<e:Header><i:Auth><i:apikey>{key}</i:apikey></i:Auth></e:Header>"
        "<e:Body><i:%s/></e:Body></e:Envelope>"
    )

    def call(operation: str) -> str:
        kind = "Content-Type: application/soap+xml; charset=utf-8"
        body = (envelope % operation).encode()
        return curl("--include", "--header", kind, "--data-binary", "@-", sandbox.soap_typed, body=body)

    answer = call("ping")
    assert answer.startswith("HTTP/1.1 200 ")
    assert "Content-Type: application/soap+xml" in answer
    assert '"http://www.w3.org/2003/05/soap-envelope"' in answer
    assert "<email>admin@example.com</email>" in answer
    fault = call("getSiteWorxAccount")
    assert fault.startswith("HTTP/1.1 400 ")
    assert "<soap:Value>soap:Sender</soap:Value>" in fault
    assert "<InvalidInputFault" in fault
