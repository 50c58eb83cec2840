using System;
using System.Collections.Generic;
using System.Linq;
using Billing;

/// <summary>The life of a reseller.</summary>
static class Resellers
{
    static readonly string email = Steps.Env("RESELLER");
    static BillingService billing;
    static int id;

    public static void Life(BillingService service)
    {
        billing = service;
        Steps.Step("reseller-create", () =>
        {
            Reseller made = Steps.Call<Reseller>(billing, "createReseller", new Dictionary<string, object>
            {
                { "email", email }, { "nickname", "Reseller" }, { "password", "Correct-horse7" },
                { "RSL_OPT_STORAGE", 10000 }, { "RSL_OPT_BANDWIDTH", 100 }, { "RSL_OPT_SITEWORX_ACCOUNTS", 5 },
            });
            id = made.reseller_id;
            Steps.Same(true, id > 1);
            Steps.Same(10000, made.RSL_OPT_STORAGE);
            Steps.Same(false, made.RSL_OPT_OVERSELL_STORAGE);
        });
        Steps.Step("reseller-list", () =>
        {
            ResellerRow newest = List().Last();
            Steps.Same(id, newest.reseller_id);
            Steps.Same(email, newest.email);
            Steps.Same("Reseller", newest.nickname);
            Steps.Same(resellerstatus.active, newest.status);
            Steps.Same(0, newest.accounts);
        });
        Steps.Step("reseller-suspend", () =>
        {
            Edit(resellerstatus.inactive);
            Steps.Same(resellerstatus.inactive, List().Last().status);
            Edit(resellerstatus.active);
            Steps.Same(resellerstatus.active, List().Last().status);
        });
        Steps.Step("reseller-delete", () =>
        {
            Steps.Same(email, billing.deleteReseller(id).email);
            Steps.Same(false, List().Any(row => row.reseller_id == id));
        });
    }

    static void Edit(resellerstatus status)
    {
        Steps.Call<Reseller>(billing, "editReseller",
            new Dictionary<string, object> { { "reseller_id", id }, { "status", status } });
    }

    static List<ResellerRow> List()
    {
        List<ResellerRow> rows = new List<ResellerRow>();
        ResellerPage page = null;
        do
        {
            page = billing.listResellers(page == null ? null : page.next, 0, false);
            rows.AddRange(page.resellers ?? new ResellerRow[0]);
        }
        while (page.next != null);
        return rows;
    }
}
