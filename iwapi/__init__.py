"""iwapi: the remote API of a web-hosting panel."""

__version__ = "0.1.0"
