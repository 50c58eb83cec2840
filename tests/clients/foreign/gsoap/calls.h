// Calls by the proxy that wsdl2h and soapcpp2 make from the WSDL.
#pragma once

#include "soapBillingProxy.h"
#include "steps.h"

inline BillingProxy &billing()
{
    static const std::string address = env("URL");
    static BillingProxy proxy(address.c_str(), SOAP_C_UTFSTRING | SOAP_XML_STRICT);
    return proxy;
}

// Calls an operation with a key in the header; a fault is a runtime_error of its text.
template <typename Request, typename Response>
void call(int (BillingProxy::*operation)(Request *, Response &), Request &request, Response &response,
          const std::string &key = env("KEY"))
{
    ns1__Auth auth;
    auth.apikey = key;
    billing().soap_header(&auth, nullptr);
    if ((billing().*operation)(&request, response) == SOAP_OK)
        return;
    const char *text = billing().soap_fault() ? billing().soap_fault_string() : "no fault";
    throw std::runtime_error(std::to_string(billing().error) + ": " + (text ? text : "no text"));
}

// The declared fault with which a call must end.
template <typename Fault> Fault &refused(Fault *SOAP_ENV__Detail::*declared, const std::function<void()> &run)
{
    try {
        run();
    } catch (const std::runtime_error &error) {
        SOAP_ENV__Fault *fault = billing().soap_fault();
        if (!fault || !fault->detail || !(fault->detail->*declared))
            throw;
        return *(fault->detail->*declared);
    }
    throw std::runtime_error("it was not refused");
}

void resellers();
