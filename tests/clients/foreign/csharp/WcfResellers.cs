using System;
using System.Collections.Generic;
using System.ServiceModel;
using iwapi.billing._1;

/// <summary>The life of a reseller.</summary>
static class WcfResellers
{
    static readonly string email = Steps.Env("RESELLER");
    static BillingClient billing;
    static int id;

    public static void Life(BillingClient client)
    {
        billing = client;
        Steps.Step("reseller-create", () =>
        {
            Reseller made = Steps.Call<Reseller>(billing, "createReseller", Given(new Dictionary<string, object>
            {
                { "email", email }, { "nickname", "Reseller" }, { "password", "Correct-horse7" },
            }));
            id = made.reseller_id;
            Steps.Same(true, id > 1);
            Steps.Same("Reseller", made.nickname);
            Steps.Same(10000, made.RSL_OPT_STORAGE);
            Steps.Same(false, made.RSL_OPT_OVERSELL_STORAGE);
        });
        Steps.Step("reseller-list", () =>
        {
            ResellerPage page = billing.listResellers(null, 1);
            while (page.next != null)
                page = billing.listResellers(page.next, 1);
            Steps.Same(id, page.resellers.reseller_id);
            Steps.Same(email, page.resellers.email);
            Steps.Same(resellerstatus.active, page.resellers.status);
        });
        Steps.Step("reseller-suspend", () =>
        {
            Edit(resellerstatus.inactive);
            Steps.Same(resellerstatus.inactive, billing.getReseller(id, null).status);
            Edit(resellerstatus.active);
            Steps.Same(resellerstatus.active, billing.getReseller(id, null).status);
        });
        Steps.Step("reseller-delete", () =>
        {
            Steps.Same(email, billing.deleteReseller(id).email);
            var gone = Steps.Refused<FaultException<ResellerNotFoundFault>>(() => billing.getReseller(id, null));
            Steps.Same("RESELLER_NOT_FOUND", gone.Detail.code);
        });
    }

    static void Edit(resellerstatus status)
    {
        Steps.Call<Reseller>(billing, "editReseller",
            Given(new Dictionary<string, object> { { "reseller_id", id }, { "status", status } }));
    }

    /// <summary>With its numbers: the proxy sends those that are not given as 0.</summary>
    static Dictionary<string, object> Given(Dictionary<string, object> inputs)
    {
        inputs.Add("RSL_OPT_STORAGE", 10000);
        inputs.Add("RSL_OPT_BANDWIDTH", 100);
        inputs.Add("RSL_OPT_SITEWORX_ACCOUNTS", 5);
        return inputs;
    }
}
