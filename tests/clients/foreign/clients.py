"""Every foreign client, in the order of the table in docs/protocols.md."""

from __future__ import annotations

from tests.clients.foreign import compiled, scripted
from tests.clients.foreign.harness import Client

CLIENTS: tuple[Client, ...] = (*compiled.CLIENTS, *scripted.CLIENTS)
