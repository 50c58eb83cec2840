"""Orders as a billing system has them: each is for one account, and is called by its number everywhere."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from passlib.hash import sha512_crypt

from tests.clients.storm.wires import ROUTED, WIRES

PASSWORD = "Correct-horse7"
HASHED = {"password": sha512_crypt.using(rounds=1000).hash(PASSWORD), "encrypted": "y"}
_WITHOUT_KEY = 0.25  # the modules of today
_TYPED_PASSWORD = 0.3  # each costs the server an argon2


@dataclass(frozen=True)
class Order:
    """One account to be opened. `key` is its idempotency key; a module of old sends none."""

    number: int
    key: str | None
    hashed: bool

    @property
    def domain(self) -> str:
        return f"order{self.number}.example"

    @property
    def external_id(self) -> str:
        return f"service-{self.number}"

    @property
    def wires(self) -> tuple[str, ...]:
        """Those by which it can be sent: only `route` takes a hash for a password."""
        return ROUTED if self.hashed else WIRES

    @property
    def inputs(self) -> Mapping[str, str]:
        secret = HASHED if self.hashed else {"password": PASSWORD}
        return {
            "master_domain": self.domain, "email": "me@example.com", "packagetemplate": "basic",
            "external_id": self.external_id, **secret,
        }  # fmt: skip


def orders(number: int, seed: int) -> list[Order]:
    chance = random.Random(seed)
    return [
        Order(
            at,
            None if chance.random() < _WITHOUT_KEY else f"order-{at}-{chance.getrandbits(64):x}",
            chance.random() >= _TYPED_PASSWORD,
        )
        for at in range(number)
    ]
