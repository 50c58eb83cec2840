"""Log-in for a customer: a one-time address to the page of its account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from iwapi.action import Route, action, arg
from iwapi.actions.nodeworx.index import Customer, begin
from iwapi.call import Call
from iwapi.errors import AccountNotFound
from iwapi.kinds import Domain, Plain, Secret, choice

PAGE = "/siteworx/?sid="


@dataclass(frozen=True)
class LogIn(Customer):
    """Whose page is to be opened."""

    login_domain: Domain = arg("the account's main domain")
    account_action: Annotated[str, choice("loginaction", "siteworxLogin")] = arg(
        "what the log-in is for", default="siteworxLogin"
    )


@dataclass(frozen=True)
class Link:
    """An address that opens once."""

    token_url: Secret = arg("the address; it holds the token that opens the page, once and within a minute")


@action(
    scope="logins:create", writes=True, raises=(AccountNotFound,),
    route=Route("siteworxLogin", lambda link: link.token_url.reveal, "sentence"),
)  # fmt: skip
def siteworx_login(call: Call, wanted: LogIn) -> Link:
    """Make an address that logs a customer in to its account: who opens it first, within a minute, sees the
    account's page. Send the customer's browser there, and keep the address nowhere."""
    account = call.account(wanted.login_domain, "login_domain")
    token = begin(call, "link", account.siteworx_id, wanted)
    return Link(token_url=Plain(call.server.base_url + PAGE + token.reveal))
