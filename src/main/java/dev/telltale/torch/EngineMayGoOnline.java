package dev.telltale.torch;

/// The environment tells DJL that it may use the network, and it outranks every setting of ours: DJL
/// would report the instance's id and could download native code. The service does not start then.
public final class EngineMayGoOnline extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String value;

    EngineMayGoOnline(String value) {
        super("The environment variable DJL_OFFLINE is '" + value + "', which lets DJL use the network: unset it or"
                + " set it to true.");
        this.value = value;
    }

    /// What DJL_OFFLINE is set to.
    String value() {
        return value;
    }
}
