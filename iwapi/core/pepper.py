"""The pepper: the secret outside the database under which keys, sessions and audit rows are proven."""

from __future__ import annotations

import hashlib
import hmac

SIZE = 32


class Pepper:
    """Makes MACs under one sub-key for each purpose, so that none can stand for another."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SIZE:
            raise ValueError(f"the pepper must be {SIZE} bytes")
        self._secret = secret
        self._keys: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return "<pepper>"

    def mac(self, purpose: str, *parts: bytes | str) -> bytes:
        """HMAC-SHA-256 over the parts; each is length-prefixed, so no two lists share a message."""
        key = self._keys.get(purpose)
        if key is None:
            key = self._keys[purpose] = hmac.digest(self._secret, purpose.encode(), "sha256")
        message = b"".join(
            len(data).to_bytes(4, "big") + data
            for data in (part.encode() if isinstance(part, str) else part for part in parts)
        )
        return hmac.digest(key, message, hashlib.sha256)
