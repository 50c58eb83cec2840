// The life of an account, around the life of a reseller.
#include "Billing.nsmap"
#include "calls.h"

#include <ctime>

static std::string domain = env("DOMAIN"), unixname = env("UNIXNAME"), nickname = "Müller & <Söhne>";

static ns1__Account details()
{
    ns1__getSiteWorxAccount which;
    ns1__getSiteWorxAccountResponse found;
    which.domain = &domain;
    call(&BillingProxy::getSiteWorxAccount, which, found);
    return *found.result;
}

static ns1__Account create()
{
    std::string package = "basic";
    ns1__createSiteWorxAccount account;
    ns1__createSiteWorxAccountResponse made;
    account.master_USCOREdomain = domain;
    account.uniqname = &unixname;
    account.email = "me@example.com";
    account.password = "Correct-horse7";
    account.nickname = &nickname;
    account.packagetemplate = &package;
    call(&BillingProxy::createSiteWorxAccount, account, made);
    return *made.result;
}

static void ping(const std::string &key)
{
    ns1__ping nothing;
    ns1__pingResponse pong;
    call(&BillingProxy::ping, nothing, pong, key);
    same(true, pong.result->master);
    same(1U, pong.result->scopes.size());
    same("all", pong.result->scopes.at(0));
}

static void opening()
{
    step("ping", [] { ping(env("KEY")); });
    step("create", [] { same(ns1__accountstatus__active, create().status); });
    step("details", [] {
        ns1__Account account = details();
        same(domain, account.master_USCOREdomain);
        same(unixname, account.uniqname);
        same(ns1__accountstatus__active, account.status);
        same(nickname, account.nickname);
        same("basic", *account.package_USCOREname);
        same("", account.inactive_USCOREmsg);
        same(1000, account.OPT_USCORESTORAGE);
        same(10, account.OPT_USCOREBANDWIDTH);
        same(false, account.OPT_USCORESSL);
    });
    step("duplicate", [] {
        ns1__InvalidInputFault &fault = refused(&SOAP_ENV__Detail::ns1__InvalidInputFault_, [] { create(); });
        same("INVALID_INPUT", fault.code);
        same(false, fault.retryable);
        same(2U, fault.problems.size());
        same("master_domain", fault.problems[0]->field);
        same(domain, fault.problems[0]->value);
        same("uniqname", fault.problems[1]->field);
    });
    step("usage", [] {
        ns1__getUsage which;
        ns1__getUsageResponse found;
        which.domain = domain;
        call(&BillingProxy::getUsage, which, found);
        same(1000, found.result->storage);
        same(10240, found.result->bandwidth);
        same(true, found.result->storage_USCOREused >= 0 && found.result->bandwidth_USCOREused == 0);
    });
}

static void life()
{
    step("suspend", [] {
        std::string message = "unpaid & <late>";
        ns1__suspendSiteWorxAccount which;
        ns1__suspendSiteWorxAccountResponse found;
        which.domain = &domain;
        which.message = &message;
        call(&BillingProxy::suspendSiteWorxAccount, which, found);
    });
    step("suspended", [] {
        same(ns1__accountstatus__inactive, details().status);
        same("unpaid & <late>", details().inactive_USCOREmsg);
    });
    step("unsuspend", [] {
        ns1__unsuspendSiteWorxAccount which;
        ns1__unsuspendSiteWorxAccountResponse found;
        which.domain = &domain;
        call(&BillingProxy::unsuspendSiteWorxAccount, which, found);
        same(ns1__accountstatus__active, details().status);
    });
    step("package", [] {
        ns1__changeSiteWorxPackage change;
        ns1__changeSiteWorxPackageResponse changed;
        change.domain = &domain;
        change.packagetemplate = "pro";
        call(&BillingProxy::changeSiteWorxPackage, change, changed);
        ns1__Account account = details();
        same("pro", *account.package_USCOREname);
        same(5000, account.OPT_USCORESTORAGE);
        same(100, account.OPT_USCOREBANDWIDTH);
        same(10, account.OPT_USCORESUBDOMAINS);
        same(true, account.OPT_USCORESSL);
    });
    step("password", [] {
        ns1__changeSiteWorxPassword change;
        ns1__changeSiteWorxPasswordResponse changed;
        change.domain = &domain;
        change.password = "Ünï-☃ horse 8";
        call(&BillingProxy::changeSiteWorxPassword, change, changed);
        same(domain, changed.result->master_USCOREdomain);
    });
    step("list", [] {
        int one = 1, found = 0;
        std::string after;
        ns1__listSiteWorxAccounts page;
        page.limit = &one;
        page.after = nullptr;
        do {
            ns1__listSiteWorxAccountsResponse listed;
            call(&BillingProxy::listSiteWorxAccounts, page, listed);
            for (const ns1__AccountRow *row : listed.result->accounts)
                found += row->master_USCOREdomain == domain;
            after = listed.result->next ? *listed.result->next : "";
            page.after = &after;
        } while (!after.empty());
        same(1, found);
    });
}

static void ending()
{
    step("terminate", [] {
        ns1__deleteSiteWorxAccount which;
        ns1__deleteSiteWorxAccountResponse closed;
        which.domain = &domain;
        call(&BillingProxy::deleteSiteWorxAccount, which, closed);
        same(domain, closed.result->master_USCOREdomain);
        same(true, closed.result->purged_USCOREafter > std::time(nullptr));
    });
    step("gone", [] {
        same("ACCOUNT_NOT_FOUND", refused(&SOAP_ENV__Detail::ns1__AccountNotFoundFault_, [] { details(); }).code);
    });
    step("stranger", [] {
        same("NOT_AUTHENTICATED",
             refused(&SOAP_ENV__Detail::ns1__NotAuthenticatedFault_, [] { ping("no key"); }).code);
    });
}

int main()
{
    std::cout << "version gSOAP " << GSOAP_VERSION / 100000 << "." << GSOAP_VERSION / 1000 % 100 << "."
              << GSOAP_VERSION % 1000 << std::endl;
    opening();
    life();
    resellers();
    ending();
    std::cout << "end" << std::endl;
}
