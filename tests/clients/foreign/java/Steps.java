/** Runs steps, and says of each whether it came true. */
final class Steps {
    interface Step {
        void run() throws Exception;
    }

    private Steps() {
    }

    static void step(String name, Step step) {
        try {
            step.run();
            System.out.println("ok " + name);
        } catch (Exception | AssertionError error) {
            System.out.println("wrong " + name + ": " + error.toString().replace('\n', ' '));
        }
    }

    static void same(Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new AssertionError("expected " + expected + ", found " + found);
        }
    }

    /** The fault with which a step must end. */
    static <E extends Exception> E refused(Class<E> fault, Step step) throws Exception {
        try {
            step.run();
        } catch (Exception error) {
            return fault.cast(error);
        }
        throw new AssertionError("it was not refused");
    }

    static String env(String name) {
        return System.getenv("IWAPI_" + name);
    }
}
