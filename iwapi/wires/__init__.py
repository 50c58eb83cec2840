"""Wires: pure codecs between bytes and values. No reactor, no database, no meaning of any action."""
