import billing.*;
import java.util.ArrayList;
import java.util.List;

/** The life of a reseller. */
final class Resellers {
    private static final String EMAIL = Steps.env("RESELLER");
    private static final Options AS_USUAL = null;

    private final Billing billing;
    private final Auth auth;
    private int id;

    Resellers(Billing billing, Auth auth) {
        this.billing = billing;
        this.auth = auth;
    }

    void life() {
        Steps.step("reseller-create", () -> {
            CreateReseller wanted = new CreateReseller();
            wanted.setEmail(EMAIL);
            wanted.setNickname("Reseller");
            wanted.setPassword("Correct-horse7");
            wanted.setRSLOPTSTORAGE(10000);
            wanted.setRSLOPTBANDWIDTH(100);
            wanted.setRSLOPTSITEWORXACCOUNTS(5);
            Reseller made = billing.createReseller(wanted, auth, AS_USUAL).getResult();
            id = made.getResellerId();
            Steps.same(true, id > 1);
            Steps.same(10000, made.getRSLOPTSTORAGE());
            Steps.same(false, made.isRSLOPTOVERSELLSTORAGE());
        });
        Steps.step("reseller-list", () -> {
            ResellerRow newest = newest();
            Steps.same(id, newest.getResellerId());
            Steps.same(EMAIL, newest.getEmail());
            Steps.same("Reseller", newest.getNickname());
            Steps.same(Resellerstatus.ACTIVE, newest.getStatus());
            Steps.same(0, newest.getAccounts());
        });
        Steps.step("reseller-suspend", () -> {
            edit(Resellerstatus.INACTIVE);
            Steps.same(Resellerstatus.INACTIVE, newest().getStatus());
            edit(Resellerstatus.ACTIVE);
            Steps.same(Resellerstatus.ACTIVE, newest().getStatus());
        });
        Steps.step("reseller-delete", () -> {
            DeleteReseller which = new DeleteReseller();
            which.setResellerId(id);
            Steps.same(EMAIL, billing.deleteReseller(which, auth, AS_USUAL).getResult().getEmail());
            Steps.same(false, list().stream().anyMatch(row -> row.getResellerId() == id));
        });
    }

    private void edit(Resellerstatus status) throws Exception {
        EditReseller change = new EditReseller();
        change.setResellerId(id);
        change.setStatus(status);
        billing.editReseller(change, auth, AS_USUAL);
    }

    private ResellerRow newest() throws Exception {
        List<ResellerRow> rows = list();
        return rows.get(rows.size() - 1);
    }

    private List<ResellerRow> list() throws Exception {
        List<ResellerRow> rows = new ArrayList<>();
        ListResellers page = new ListResellers();
        do {
            ResellerPage found = billing.listResellers(page, auth, AS_USUAL).getResult();
            rows.addAll(found.getResellers());
            page.setAfter(found.getNext());
        } while (page.getAfter() != null);
        return rows;
    }
}
