"""The clients whose code is generated from the typed WSDL and compiled."""

from __future__ import annotations

import sys

from tests.clients.foreign.build import Build
from tests.clients.foreign.harness import Client

_JAXWS_TOOLS, _JAXWS = "/usr/share/java/jaxws-tools.jar", "/usr/share/java/jaxws-rt.jar"
_SAAJ = "javax.xml.soap.SAAJMetaFactory=com.sun.xml.messaging.saaj.soap.SAAJMetaFactoryImpl"
_MCS = ("mcs", "-nologo", "-codepage:utf8")
_WSDL_SOURCES = ("csharp/Steps.cs", "csharp/Story.cs", "csharp/Resellers.cs")
_SVCUTIL_SOURCES = (
    "csharp/Steps.cs", "csharp/WcfStory.cs", "csharp/WcfResellers.cs", "csharp/Channel.cs",
    "csharp/Faults.cs",
)  # fmt: skip


def _here(sources: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{{here}}/{source}" for source in sources)


JAVA = Client(
    "Java, wsimport",
    "typed",
    ("java", f"-D{_SAAJ}", "-cp", f"{{built}}:{_JAXWS}", "Story"),
    needs=("java", "javac", _JAXWS_TOOLS),
    how="made with `-XadditionalHeaders`",
    once=True,
    build=Build(
        "java",
        ("java/*",),
        (
            ("cp", "{wsdl}", "{here}/java/bindings.xml", "."),
            ("java", "-jar", _JAXWS_TOOLS, "-quiet", "-Xnocompile", "-XadditionalHeaders",
             "-b", "bindings.xml", "-p", "billing", "iwapi.wsdl"),
            ("javac", "-encoding", "UTF-8", "-cp", _JAXWS, "-sourcepath", "{here}/java:.", "-d", ".",
             "{here}/java/Story.java", "billing/package-info.java"),
        ),
        wsdl=True,
    ),
)  # fmt: skip

CSHARP_WSDL = Client(
    "C#, wsdl",
    "typed",
    ("mono", "{built}/Story.exe"),
    needs=("mono", "mcs", "wsdl"),
    build=Build(
        "csharp-wsdl",
        _WSDL_SOURCES,
        (
            ("wsdl", "-n:Billing", "-out:Billing.cs", "{wsdl}"),
            (*_MCS, "-r:System.Web.Services", "-out:Story.exe", "Billing.cs", *_here(_WSDL_SOURCES)),
        ),
        wsdl=True,
    ),
)

CSHARP_SVCUTIL = Client(
    "C#, svcutil",
    "typed",
    ("mono", "{built}/Story.exe"),
    needs=("mono", "mcs", "svcutil"),
    build=Build(
        "csharp-svcutil",
        (*_SVCUTIL_SOURCES, "csharp/one_row.py"),
        (
            (sys.executable, "{here}/csharp/one_row.py", "{wsdl}", "iwapi.wsdl"),
            ("svcutil", "-out:Billing.cs", "file://{built}/iwapi.wsdl"),
            (*_MCS, "-r:System.ServiceModel", "-r:System.Runtime.Serialization", "-out:Story.exe",
             "Billing.cs", *_here(_SVCUTIL_SOURCES)),
        ),
        wsdl=True,
    ),
    how="lists in pages of one row, and more by hand: see `Channel.cs` and `one_row.py` in"
    " `tests/clients/foreign/csharp/`",
)  # fmt: skip

GSOAP = Client(
    "C++, gSOAP",
    "typed",
    ("{built}/story",),
    needs=("wsdl2h", "soapcpp2", "g++", "/usr/include/stdsoap2.h"),
    how="with `SOAP_C_UTFSTRING`",
    build=Build(
        "gsoap",
        ("gsoap/*",),
        (
            ("wsdl2h", "-o", "billing.h", "{wsdl}"),
            ("soapcpp2", "-C", "-j", "-x", "-i", "billing.h"),
            ("g++", "-O0", "-I.", "{here}/gsoap/story.cpp", "{here}/gsoap/resellers.cpp", "soapC.cpp",
             "soapBillingProxy.cpp", "-lgsoap++", "-o", "story"),
        ),
        wsdl=True,
    ),
)  # fmt: skip

CLIENTS = (JAVA, CSHARP_WSDL, CSHARP_SVCUTIL, GSOAP)
