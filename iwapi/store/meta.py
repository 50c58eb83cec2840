"""What the database says of itself: which pepper it belongs to."""

from __future__ import annotations

import hmac

from iwapi.core.pepper import Pepper
from iwapi.store.db import Tx


def _proof(pepper: Pepper) -> str:
    return pepper.mac("installation").hex()


def set_up(tx: Tx, pepper: Pepper) -> None:
    tx.run("insert into meta (name, value) values ('pepper', ?)", _proof(pepper))


def belongs_to(tx: Tx, pepper: Pepper) -> bool:
    """Whether keys in the database were made under this pepper."""
    proof = tx.value("select value from meta where name = 'pepper'")
    return proof is not None and hmac.compare_digest(proof, _proof(pepper))
