// The life of a reseller.
#include "calls.h"

#include <vector>

static const std::string email = env("RESELLER");
static int id;

static std::vector<ns1__ResellerRow> list()
{
    std::vector<ns1__ResellerRow> rows;
    std::string after;
    ns1__listResellers page;
    do {
        ns1__listResellersResponse listed;
        page.after = after.empty() ? nullptr : &after;
        call(&BillingProxy::listResellers, page, listed);
        for (const ns1__ResellerRow *row : listed.result->resellers)
            rows.push_back(*row);
        after = listed.result->next ? *listed.result->next : "";
    } while (!after.empty());
    return rows;
}

static void edit(ns1__resellerstatus status)
{
    ns1__editReseller change;
    ns1__editResellerResponse changed;
    change.reseller_USCOREid = id;
    change.status = &status;
    call(&BillingProxy::editReseller, change, changed);
}

void resellers()
{
    step("reseller-create", [] {
        std::string nickname = "Reseller";
        int storage = 10000, bandwidth = 100, accounts = 5;
        ns1__createReseller wanted;
        ns1__createResellerResponse made;
        wanted.email = email;
        wanted.nickname = &nickname;
        wanted.password = "Correct-horse7";
        wanted.RSL_USCOREOPT_USCORESTORAGE = &storage;
        wanted.RSL_USCOREOPT_USCOREBANDWIDTH = &bandwidth;
        wanted.RSL_USCOREOPT_USCORESITEWORX_USCOREACCOUNTS = &accounts;
        call(&BillingProxy::createReseller, wanted, made);
        id = made.result->reseller_USCOREid;
        same(true, id > 1);
        same(10000, made.result->RSL_USCOREOPT_USCORESTORAGE);
        same(false, made.result->RSL_USCOREOPT_USCOREOVERSELL_USCORESTORAGE);
    });
    step("reseller-list", [] {
        ns1__ResellerRow newest = list().back();
        same(id, newest.reseller_USCOREid);
        same(email, newest.email);
        same("Reseller", newest.nickname);
        same(ns1__resellerstatus__active, newest.status);
        same(0, newest.accounts);
    });
    step("reseller-suspend", [] {
        edit(ns1__resellerstatus__inactive);
        same(ns1__resellerstatus__inactive, list().back().status);
        edit(ns1__resellerstatus__active);
        same(ns1__resellerstatus__active, list().back().status);
    });
    step("reseller-delete", [] {
        ns1__deleteReseller which;
        ns1__deleteResellerResponse gone;
        which.reseller_USCOREid = id;
        call(&BillingProxy::deleteReseller, which, gone);
        same(email, gone.result->email);
        for (const ns1__ResellerRow &row : list())
            same(true, row.reseller_USCOREid != id);
    });
}
