import billing.*;

/** An account by calls that have options: a dry run, an idempotency key, no time to wait. */
final class Once {
    private static final String DOMAIN = "once-" + Steps.env("DOMAIN");

    private final Billing billing;
    private final Auth auth;

    Once(Billing billing, Auth auth) {
        this.billing = billing;
        this.auth = auth;
    }

    void step() {
        Steps.step("once", () -> {
            Options dry = new Options();
            dry.setDryRun(true);
            DryRunFault told = Steps.refused(DryRunFault_Exception.class, () -> create("One", dry)).getFaultInfo();
            Steps.same("DRY_RUN", told.getCode());
            Steps.same(true, told.getChanges().stream().anyMatch(change -> change.getAfter().equals(DOMAIN)));

            Options at_once = known();
            at_once.setWaitSeconds(0);
            PendingFault pending = Steps.refused(PendingFault_Exception.class, () -> create("One", at_once)).getFaultInfo();
            Steps.same("PENDING", pending.getCode());
            Steps.same(true, pending.isRetryable());
            Steps.same(true, pending.getJob() > 0);

            Account made = create("One", known());
            Steps.same(DOMAIN, made.getMasterDomain());
            Steps.same(made.getUniqname(), create("One", known()).getUniqname());
            Steps.same("IDEMPOTENCY_MISMATCH",
                Steps.refused(IdempotencyMismatchFault_Exception.class, () -> create("Other", known())).getFaultInfo().getCode());
            DeleteSiteWorxAccount which = new DeleteSiteWorxAccount();
            which.setDomain(DOMAIN);
            billing.deleteSiteWorxAccount(which, auth, null);
        });
    }

    private static Options known() {
        Options options = new Options();
        options.setIdempotencyKey(DOMAIN);
        return options;
    }

    private Account create(String nickname, Options options) throws Exception {
        CreateSiteWorxAccount account = new CreateSiteWorxAccount();
        account.setMasterDomain(DOMAIN);
        account.setUniqname(Steps.env("SLOW"));
        account.setEmail("me@example.com");
        account.setPassword("Correct-horse7");
        account.setNickname(nickname);
        account.setPackagetemplate("basic");
        return billing.createSiteWorxAccount(account, auth, options).getResult();
    }
}
