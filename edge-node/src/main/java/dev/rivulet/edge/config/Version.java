package dev.rivulet.edge.config;

/** Which build this is. */
public final class Version {
    private static final String PROGRAM = "rivulet-edge";

    private Version() {}

    /** Such as {@code 0.1.0}, from the jar's manifest. */
    public static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** For people: {@code rivulet-edge 0.1.0}. */
    public static String text() {
        return PROGRAM + " " + number();
    }

    /** For servers and peers: {@code rivulet-edge/0.1.0}. */
    public static String agent() {
        return PROGRAM + "/" + number();
    }
}
