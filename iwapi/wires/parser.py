"""The one lxml parser of a thread: hardened, reused, and renewed before strangers fill its table of names.

lxml before 7 keeps every name that a thread ever read (of elements, attributes, namespaces) in one table and
never frees it. A caller without any key could add a megabyte with each request, until the process dies or the
table is full and nothing can be parsed any more. So the table is dropped each time it may have grown.
"""

from __future__ import annotations

import ctypes
import threading

from lxml import etree

RENEW_AFTER = 1 << 20  # bytes of XML read by one thread; its table of names holds a few times as much

# A prototype of our own, since ctypes shares its function objects with everybody. The reference it returns is
# borrowed: as `py_object` it would be released once too often.
_thread_state = ctypes.PYFUNCTYPE(ctypes.c_void_p)(("PyThreadState_GetDict", ctypes.pythonapi))


class _Parser(threading.local):
    _left = 0

    def parse(self, body: bytes) -> etree._Element:
        self._left -= len(body)
        if self._left < 0:
            self._renew()
        return etree.fromstring(body, self._xml)

    def _renew(self) -> None:
        # lxml finds the table through the thread's state. Without one there, the next parser that reads
        # brings its own; trees that are still in use keep the old one alive.
        ctypes.cast(_thread_state(), ctypes.py_object).value.pop("_ParserDictionaryContext", None)
        self._xml = etree.XMLParser(
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            collect_ids=False,
            remove_comments=True,
        )
        self._left = RENEW_AFTER


_parser = _Parser()


def parse(body: bytes) -> etree._Element:
    """The root element of a UTF-8 document, whatever encoding it declares. Comments are gone, and the text
    around them is joined. Raises `etree.XMLSyntaxError`."""
    return _parser.parse(body)
