"""The billing systems: each module with the server as its system knows it, and a service that it sells."""

from __future__ import annotations

from dataclasses import replace

from tests.clients.modules.module import Module, pasted, tls
from tests.sandbox import Sandbox

PASSWORD, ANOTHER = "Correct-horse7", "Ünï-☃ horse 8"
HEADING = "There was a problem validating the form. Please see details below."
_WHO = {"password": PASSWORD, "email": "me@example.com", "name": "Ann Smith", "package": "basic"}


def only(module: Module, **service: object) -> Module:
    """The same module; its calls get these inputs and no other."""
    return replace(module, service=service)


def whmcs(sandbox: Sandbox, **service: object) -> Module:
    """A server that is known by its address, and a key out of a text area."""
    usual = {
        "type": "hostingaccount", "domain": "example.com", "username": "examplec", "password": PASSWORD,
        "firstname": "Jürgen", "lastname": "O'Neil", "email": "me@example.com", "package": "basic",
        "theme": "", "overselling": False, "dedicated": False,
    }  # fmt: skip
    told = {"server": tls(sandbox), "key": pasted(sandbox.api_key), "named": False}
    return Module("whmcs.php", told, usual | service, sandbox.ca)


def blesta(sandbox: Sandbox) -> Module:
    usual = {"domain": "blesta.com", "username": "blesta", "password": PASSWORD, "email": "me@example.com"}
    return Module("blesta.php", _by_key(sandbox), usual, sandbox.ca)


def tastyinterworx(sandbox: Sandbox) -> Module:
    usual = {"domain": "tasty.com", "username": "tasty", "password": PASSWORD, "email": "me@example.com"}
    return Module("tastyinterworx.php", _by_key(sandbox), usual, sandbox.ca)


def clientexec(sandbox: Sandbox) -> Module:
    """The key comes out of a text area."""
    usual = {**_WHO, "domain": "clientexec.com", "username": "clientexecuser", "ip": "127.0.0.1"}
    return Module("clientexec.php", _by_key(sandbox), usual, sandbox.ca).knowing(key=pasted(sandbox.api_key))


def upmind(sandbox: Sandbox) -> Module:
    """The only one that has no key."""
    usual = {**_WHO, "domain": "upmind.com", "username": "upmindco", "name": "Müller & <Söhne>"}
    told = {"server": tls(sandbox), "email": sandbox.admin_email, "secret": sandbox.admin_password}
    return Module("upmind.php", told, usual, sandbox.ca)


def hosting_billing(sandbox: Sandbox) -> Module:
    usual = {**_WHO, "domain": "hosting-billing.com", "username": "hostingbilling", "address": "127.0.0.2"}
    return Module("hostingbilling.php", _by_key(sandbox), usual)


def sourcedesk(sandbox: Sandbox) -> Module:
    usual = {**_WHO, "domain": "sourcedesk.com", "username": "sourcede"}
    return Module("sourcedesk.php", _by_key(sandbox), usual)


def applibs(sandbox: Sandbox, **inside: object) -> Module:
    """A client without a billing system; `inside` may name the domain of an account."""
    return Module("applibs.php", _by_key(sandbox), inside)


def _by_key(sandbox: Sandbox) -> dict[str, object]:
    return {"server": tls(sandbox), "key": sandbox.api_key}
