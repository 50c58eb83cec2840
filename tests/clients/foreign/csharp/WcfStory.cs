using System;
using System.Collections.Generic;
using System.Linq;
using System.ServiceModel;
using iwapi.billing._1;

/// <summary>The story by the proxy that svcutil makes from the WSDL.</summary>
static class WcfStory
{
    const string Nickname = "Müller & <Söhne>";
    static readonly string domain = Steps.Env("DOMAIN");
    static readonly BillingClient billing = Channel.Open(Steps.Env("URL"));

    static void Main()
    {
        Console.WriteLine("version Mono " + Steps.MonoVersion());
        Channel.With(Steps.Env("KEY"), billing, () =>
        {
            Opening();
            Life();
            WcfResellers.Life(billing);
            Ending();
        });
        Steps.Step("stranger", () => Channel.With("no key", Channel.Open(Steps.Env("URL")), () =>
            Steps.Same("NOT_AUTHENTICATED", Detail<NotAuthenticatedFault>(() => billing.ping()).code)));
        Console.WriteLine("end");
    }

    static void Opening()
    {
        Steps.Step("ping", () =>
        {
            Pong pong = billing.ping();
            Steps.Same(true, pong.master);
            Steps.Same("all", pong.scopes);
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
            var refused = Steps.Refused<FaultException<InvalidInputFault>>(() => Create());
            Steps.Same("INVALID_INPUT", refused.Detail.code);
            Steps.Same(true, refused.Message.Contains("master_domain: " + domain + " "));
            Steps.Same(true, refused.Message.Contains("uniqname: " + Steps.Env("UNIXNAME") + " "));
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
            AccountRow found = null;
            for (string after = null; found == null;)
            {
                AccountPage page = billing.listSiteWorxAccounts(after, 1);
                if (page.accounts.master_domain == domain)
                    found = page.accounts;
                after = page.next;
                Steps.Same(true, found != null || after != null);
            }
            Steps.Same("pro", found.package_name);
            Steps.Same(accountstatus.active, found.status);
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
        Steps.Step("gone", () => Steps.Same("ACCOUNT_NOT_FOUND",
            Detail<AccountNotFoundFault>(() => Details()).code));
    }

    static F Detail<F>(Action call)
    {
        return Steps.Refused<FaultException<F>>(call).Detail;
    }

    static Account Details()
    {
        return Steps.Call<Account>(billing, "getSiteWorxAccount", "domain", domain);
    }

    static Account Change(string operation, params object[] given)
    {
        return Steps.Call<Account>(billing, operation, given.Concat(new object[] { "domain", domain }).ToArray());
    }

    /// <summary>With every number: the proxy sends those that are not given as 0.</summary>
    static Account Create()
    {
        return Steps.Call<Account>(billing, "createSiteWorxAccount", new Dictionary<string, object>
        {
            { "master_domain", domain }, { "uniqname", Steps.Env("UNIXNAME") }, { "email", "me@example.com" },
            { "password", "Correct-horse7" }, { "nickname", Nickname }, { "packagetemplate", "basic" },
            { "OPT_STORAGE", 1000 }, { "OPT_BANDWIDTH", 10 }, { "OPT_EMAIL_BOXES", 10 },
            { "OPT_FTP_ACCOUNTS", 1 }, { "OPT_MYSQL_DBS", 1 }, { "OPT_MYSQL_DB_USERS", 1 },
        });
    }
}
