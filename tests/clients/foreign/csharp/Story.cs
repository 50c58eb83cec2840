using System;
using System.Collections.Generic;
using System.Linq;
using System.Web.Services.Protocols;
using System.Xml;
using Billing;

/// <summary>The story by the proxy that wsdl makes from the WSDL.</summary>
static class Story
{
    const string Nickname = "Müller & <Söhne>";
    static readonly string domain = Steps.Env("DOMAIN");
    static readonly BillingService billing = Service(Steps.Env("KEY"));

    static void Main()
    {
        Console.WriteLine("version Mono " + Steps.MonoVersion());
        Opening();
        Life();
        Resellers.Life(billing);
        Ending();
        Console.WriteLine("end");
    }

    static BillingService Service(string key)
    {
        return new BillingService { Url = Steps.Env("URL"), AuthValue = new Auth { apikey = key } };
    }

    static void Opening()
    {
        Steps.Step("ping", () =>
        {
            Pong pong = billing.ping();
            Steps.Same(true, pong.master);
            Steps.Same("all", String.Join(",", pong.scopes));
        });
        Steps.Step("create", () => Steps.Same(accountstatus.active, Create().status));
        Steps.Step("details", () =>
        {
            Account account = Details();
            Steps.Same(domain, account.master_domain);
            Steps.Same(Steps.Env("UNIXNAME"), account.uniqname);
            Steps.Same(accountstatus.active, account.status);
            Steps.Same(Nickname, account.nickname);
            Steps.Same("basic", account.package_name);
            Steps.Same("", account.inactive_msg);
            Steps.Same(1000, account.OPT_STORAGE);
            Steps.Same(10, account.OPT_BANDWIDTH);
            Steps.Same(false, account.OPT_SSL);
        });
        Steps.Step("duplicate", () =>
        {
            XmlElement fault = Detail(() => Create());
            Steps.Same("InvalidInputFault", fault.LocalName);
            Steps.Same("INVALID_INPUT", fault["code"].InnerText);
            IEnumerable<XmlElement> problems = fault.ChildNodes.OfType<XmlElement>().Where(one => one.LocalName == "problems");
            Steps.Same("master_domain,uniqname", String.Join(",", problems.Select(one => one["field"].InnerText)));
        });
        Steps.Step("usage", () =>
        {
            Usage usage = billing.getUsage(domain);
            Steps.Same(1000, usage.storage);
            Steps.Same(10240, usage.bandwidth);
            Steps.Same(true, usage.storage_used >= 0 && usage.bandwidth_used == 0);
        });
    }

    static void Life()
    {
        Steps.Step("suspend", () => Change("suspendSiteWorxAccount", "message", "unpaid & <late>"));
        Steps.Step("suspended", () =>
        {
            Account account = Details();
            Steps.Same(accountstatus.inactive, account.status);
            Steps.Same("unpaid & <late>", account.inactive_msg);
        });
        Steps.Step("unsuspend", () =>
        {
            Change("unsuspendSiteWorxAccount");
            Steps.Same(accountstatus.active, Details().status);
        });
        Steps.Step("package", () =>
        {
            Change("changeSiteWorxPackage", "packagetemplate", "pro");
            Account account = Details();
            Steps.Same("pro", account.package_name);
            Steps.Same(5000, account.OPT_STORAGE);
            Steps.Same(100, account.OPT_BANDWIDTH);
            Steps.Same(10, account.OPT_SUBDOMAINS);
            Steps.Same(true, account.OPT_SSL);
        });
        Steps.Step("password", () =>
            Steps.Same(domain, Change("changeSiteWorxPassword", "password", "Ünï-☃ horse 8").master_domain));
        Steps.Step("list", () =>
        {
            int found = 0;
            AccountPage page = null;
            do
            {
                page = billing.listSiteWorxAccounts(page == null ? null : page.next, 1, true);
                found += page.accounts.Count(row => row.master_domain == domain);
            }
            while (page.next != null);
            Steps.Same(1, found);
        });
    }

    static void Ending()
    {
        Steps.Step("terminate", () =>
        {
            Closed closed = Steps.Call<Closed>(billing, "deleteSiteWorxAccount", "domain", domain);
            Steps.Same(domain, closed.master_domain);
            Steps.Same(true, closed.purged_after.ToUniversalTime() > DateTime.UtcNow);
        });
        Steps.Step("gone", () =>
            Steps.Same("ACCOUNT_NOT_FOUND", Detail(() => Details())["code"].InnerText));
        Steps.Step("stranger", () =>
            Steps.Same("NOT_AUTHENTICATED", Detail(() => Service("no key").ping())["code"].InnerText));
    }

    /// <summary>The element of the declared fault: wsdl makes no types of faults.</summary>
    static XmlElement Detail(Action call)
    {
        return Steps.Refused<SoapException>(call).Detail.ChildNodes.OfType<XmlElement>().Single();
    }

    static Account Details()
    {
        return Steps.Call<Account>(billing, "getSiteWorxAccount", "domain", domain);
    }

    static Account Change(string operation, params object[] given)
    {
        return Steps.Call<Account>(billing, operation, given.Concat(new object[] { "domain", domain }).ToArray());
    }

    static Account Create()
    {
        return Steps.Call<Account>(billing, "createSiteWorxAccount", new Dictionary<string, object>
        {
            { "master_domain", domain }, { "uniqname", Steps.Env("UNIXNAME") }, { "email", "me@example.com" },
            { "password", "Correct-horse7" }, { "nickname", Nickname }, { "packagetemplate", "basic" },
        });
    }
}
