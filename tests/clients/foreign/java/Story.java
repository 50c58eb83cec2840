import billing.*;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The story by the classes that wsimport makes from the WSDL. */
public final class Story {
    private static final String DOMAIN = Steps.env("DOMAIN");
    private static final String NICKNAME = "Müller & <Söhne>";
    private static final Options AS_USUAL = null;

    private final Billing billing;
    private final Auth auth = auth(Steps.env("KEY"));

    private Story() throws Exception {
        billing = new BillingService(new URL(Steps.env("WSDL"))).getBilling();
    }

    public static void main(String[] arguments) throws Exception {
        System.out.println("version " + com.sun.xml.ws.util.RuntimeVersion.VERSION.BUILD_VERSION
            + ", Java " + System.getProperty("java.specification.version"));
        Story story = new Story();
        story.opening();
        story.life();
        new Resellers(story.billing, story.auth).life();
        new Once(story.billing, story.auth).step();
        story.ending();
        System.out.println("end");
    }

    private static Auth auth(String key) {
        Auth auth = new Auth();
        auth.setApikey(key);
        return auth;
    }

    private void opening() {
        Steps.step("ping", () -> {
            Pong pong = billing.ping(new Ping(), auth, AS_USUAL).getResult();
            Steps.same(true, pong.isMaster());
            Steps.same(List.of("all"), pong.getScopes());
        });
        Steps.step("create", () -> Steps.same(Accountstatus.ACTIVE, create().getStatus()));
        Steps.step("details", () -> {
            Account account = details();
            Steps.same(DOMAIN, account.getMasterDomain());
            Steps.same(Steps.env("UNIXNAME"), account.getUniqname());
            Steps.same(Accountstatus.ACTIVE, account.getStatus());
            Steps.same(NICKNAME, account.getNickname());
            Steps.same("basic", account.getPackageName());
            Steps.same("", account.getInactiveMsg());
            Steps.same(1000, account.getOPTSTORAGE());
            Steps.same(10, account.getOPTBANDWIDTH());
            Steps.same(false, account.isOPTSSL());
        });
        Steps.step("duplicate", () -> {
            InvalidInputFault fault = Steps.refused(InvalidInputFault_Exception.class, this::create).getFaultInfo();
            Steps.same("INVALID_INPUT", fault.getCode());
            Steps.same(false, fault.isRetryable());
            List<String> fields = fault.getProblems().stream().map(Problem::getField).collect(Collectors.toList());
            Steps.same(List.of("master_domain", "uniqname"), fields);
            Steps.same(DOMAIN, fault.getProblems().get(0).getValue());
        });
        Steps.step("usage", () -> {
            GetUsage which = new GetUsage();
            which.setDomain(DOMAIN);
            Usage usage = billing.getUsage(which, auth, AS_USUAL).getResult();
            Steps.same(List.of(1000, 10240), List.of(usage.getStorage(), usage.getBandwidth()));
            Steps.same(true, usage.getStorageUsed() >= 0 && usage.getBandwidthUsed() == 0);
        });
    }

    private void life() {
        Steps.step("suspend", () -> {
            SuspendSiteWorxAccount which = new SuspendSiteWorxAccount();
            which.setDomain(DOMAIN);
            which.setMessage("unpaid & <late>");
            billing.suspendSiteWorxAccount(which, auth, AS_USUAL);
        });
        Steps.step("suspended", () -> {
            Steps.same(Accountstatus.INACTIVE, details().getStatus());
            Steps.same("unpaid & <late>", details().getInactiveMsg());
        });
        Steps.step("unsuspend", () -> {
            UnsuspendSiteWorxAccount which = new UnsuspendSiteWorxAccount();
            which.setDomain(DOMAIN);
            billing.unsuspendSiteWorxAccount(which, auth, AS_USUAL);
            Steps.same(Accountstatus.ACTIVE, details().getStatus());
        });
        Steps.step("package", () -> {
            ChangeSiteWorxPackage change = new ChangeSiteWorxPackage();
            change.setDomain(DOMAIN);
            change.setPackagetemplate("pro");
            billing.changeSiteWorxPackage(change, auth, AS_USUAL);
            Account account = details();
            Steps.same("pro", account.getPackageName());
            List<Integer> limits = List.of(account.getOPTSTORAGE(), account.getOPTBANDWIDTH(), account.getOPTSUBDOMAINS());
            Steps.same(List.of(5000, 100, 10), limits);
            Steps.same(true, account.isOPTSSL());
        });
        Steps.step("password", () -> {
            ChangeSiteWorxPassword change = new ChangeSiteWorxPassword();
            change.setDomain(DOMAIN);
            change.setPassword("Ünï-☃ horse 8");
            Steps.same(DOMAIN, billing.changeSiteWorxPassword(change, auth, AS_USUAL).getResult().getMasterDomain());
        });
        Steps.step("list", () -> {
            List<AccountRow> rows = new ArrayList<>();
            ListSiteWorxAccounts page = new ListSiteWorxAccounts();
            page.setLimit(1);
            do {
                AccountPage found = billing.listSiteWorxAccounts(page, auth, AS_USUAL).getResult();
                rows.addAll(found.getAccounts());
                page.setAfter(found.getNext());
            } while (page.getAfter() != null);
            Steps.same(1L, rows.stream().filter(row -> row.getMasterDomain().equals(DOMAIN)).count());
        });
    }

    private void ending() {
        Steps.step("terminate", () -> {
            DeleteSiteWorxAccount which = new DeleteSiteWorxAccount();
            which.setDomain(DOMAIN);
            Closed closed = billing.deleteSiteWorxAccount(which, auth, AS_USUAL).getResult();
            Steps.same(DOMAIN, closed.getMasterDomain());
            Steps.same(true, closed.getPurgedAfter().toGregorianCalendar().getTimeInMillis() > System.currentTimeMillis());
        });
        Steps.step("gone", () ->
            Steps.same("ACCOUNT_NOT_FOUND",
                Steps.refused(AccountNotFoundFault_Exception.class, this::details).getFaultInfo().getCode()));
        Steps.step("stranger", () ->
            Steps.same("NOT_AUTHENTICATED",
                Steps.refused(NotAuthenticatedFault_Exception.class, () -> billing.ping(new Ping(), auth("no key"), AS_USUAL))
                    .getFaultInfo().getCode()));
    }

    private Account create() throws Exception {
        CreateSiteWorxAccount account = new CreateSiteWorxAccount();
        account.setMasterDomain(DOMAIN);
        account.setUniqname(Steps.env("UNIXNAME"));
        account.setEmail("me@example.com");
        account.setPassword("Correct-horse7");
        account.setNickname(NICKNAME);
        account.setPackagetemplate("basic");
        return billing.createSiteWorxAccount(account, auth, AS_USUAL).getResult();
    }

    private Account details() throws Exception {
        GetSiteWorxAccount which = new GetSiteWorxAccount();
        which.setDomain(DOMAIN);
        return billing.getSiteWorxAccount(which, auth, AS_USUAL).getResult();
    }
}
