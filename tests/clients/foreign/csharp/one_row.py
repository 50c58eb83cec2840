"""Write the typed WSDL as Mono's svcutil can take it: what repeats beside other elements stands there once.

A data contract has no list among other members, and svcutil then gives operations the inputs of each other. A
client of this WSDL reads lists in pages of one row.
"""

import sys

from lxml import etree

XSD = "{http://www.w3.org/2001/XMLSchema}"


def main(wsdl: str, written: str) -> None:
    tree = etree.parse(wsdl)
    for repeated in tree.iterfind(f".//{XSD}sequence/{XSD}element[@maxOccurs='unbounded']"):
        if len(repeated.getparent()) > 1:
            repeated.set("maxOccurs", "1")
    tree.write(written)


if __name__ == "__main__":
    main(*sys.argv[1:])
