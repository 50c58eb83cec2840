"""Write the typed WSDL as Mono's svcutil can take it: some optional inputs gone, and no list beside others.

A data contract has no list among other members, and svcutil then gives operations the inputs of each other. A
client of this WSDL reads lists in pages of one row. A number or moment that is not given is sent as 0 by it:
where 0 would say something, the input is left out.
"""

import sys

from lxml import etree

NO_ZERO = ("siteworx_id", "expect_version", "at")
XSD = "{http://www.w3.org/2001/XMLSchema}"


def main(wsdl: str, written: str) -> None:
    tree = etree.parse(wsdl)
    for repeated in tree.iterfind(f".//{XSD}sequence/{XSD}element[@maxOccurs='unbounded']"):
        if len(repeated.getparent()) > 1:
            repeated.set("maxOccurs", "1")
    for optional in tree.findall(f".//{XSD}sequence/{XSD}element[@minOccurs='0']"):
        if optional.get("name") in NO_ZERO:
            optional.getparent().remove(optional)
    tree.write(written)


if __name__ == "__main__":
    main(*sys.argv[1:])
