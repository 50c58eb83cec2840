"""Leave out of the typed WSDL what the svcutil of Mono takes amiss: a repeated element beside other elements.

A data contract has no such thing, and svcutil then gives operations the inputs of each other.
"""

import sys

from lxml import etree

XSD = "{http://www.w3.org/2001/XMLSchema}"


def main(wsdl: str, written: str) -> None:
    tree = etree.parse(wsdl)
    for repeated in tree.iterfind(f".//{XSD}sequence/{XSD}element[@maxOccurs='unbounded']"):
        sequence = repeated.getparent()
        if len(sequence) > 1:
            sequence.remove(repeated)
    tree.write(written)


if __name__ == "__main__":
    main(*sys.argv[1:])
