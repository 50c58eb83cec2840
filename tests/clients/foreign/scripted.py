"""The clients whose programs are run as they are written: PHP, Python, node, Perl and Ruby."""

from __future__ import annotations

import sys
from typing import Any

from tests.clients.foreign.build import Build
from tests.clients.foreign.harness import Client

NODE = Build(
    "node",
    ("node/package.json", "node/package-lock.json"),
    (
        ("cp", "{here}/node/package.json", "{here}/node/package-lock.json", "."),
        ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"),
    ),
)
"""The libraries of npm, below `node_modules`."""


def _php(name: str, wire: str, *words: str, once: bool = False) -> Client:
    settings = ("-d", "soap.wsdl_cache_enabled=0", "-d", "display_errors=stderr")
    program, *arguments = words
    command = ("php", *settings, f"{{here}}/php/{program}", *arguments)
    return Client(name, wire, command, needs=("php",), once=once)


def _python(name: str, wire: str, program: str, once: bool = False) -> Client:
    return Client(name, wire, (sys.executable, f"{{here}}/python/{program}"), once=once)


def _node(name: str, wire: str, program: str, once: bool = False) -> Client:
    at: dict[str, Any] = {"build": NODE, "env": {"NODE_PATH": "{built}/node_modules"}}
    return Client(name, wire, ("node", f"{{here}}/node/{program}"), needs=("node", "npm"), once=once, **at)


def _perl(library: str, wire: str, program: str) -> Client:
    words = ("perl", f"{{here}}/perl/{program}")
    return Client(f"Perl, {library}", wire, words, needs=(f"perl:{library}",))


CLIENTS = (
    _php("PHP, SoapClient", "typed", "typed.php", "1.1", once=True),
    _php("PHP, SoapClient", "typed 1.2", "typed.php", "1.2", once=True),
    _python("Python, zeep", "typed", "zeep_typed.py", once=True),
    _python("Python, suds-community", "typed", "suds_typed.py", once=True),
    _node("node, soap", "typed", "soap-typed.js", once=True),
    _node("node, strong-soap", "typed", "strong-typed.js", once=True),
    _perl("SOAP::Lite", "typed", "soaplite_typed.pl"),
    _php("PHP, SoapClient", "route", "route.php", "wsdl", "1.1"),
    _php("PHP, SoapClient", "route 1.2", "route.php", "wsdl", "1.2"),
    _php("PHP, SoapClient without a WSDL", "route", "route.php", "plain", "1.1"),
    _php("PHP, SoapClient without a WSDL", "route 1.2", "route.php", "plain", "1.2"),
    _python("Python, zeep", "route", "zeep_route.py"),
    _python("Python, suds-community", "route", "suds_route.py"),
    _node("node, soap", "route", "soap-route.js"),
    _node("node, strong-soap", "route", "strong-route.js"),
    _perl("SOAP::Lite", "route", "soaplite_route.pl"),
    _python("Python, xmlrpc.client", "xmlrpc", "xmlrpc_client.py", once=True),
    _node("node, xmlrpc", "xmlrpc", "xmlrpc.js"),
    _perl("RPC::XML", "xmlrpc", "rpcxml.pl"),
    Client("Ruby, xmlrpc", "xmlrpc", ("ruby", "{here}/ruby/xmlrpc.rb"), needs=("ruby:xmlrpc/client",)),
)
