package dev.telltale.access;

/// Whether callers have to show who they are.
///
/// On this machine's own addresses nobody has to, until a key is made or an issuer is set. From then on everybody
/// has to, also when all keys are revoked or have expired. Where others reach the service everybody always has to.
final class Gate {

    private final ListenAddress address;
    private final boolean takesTokens;
    private final Keys keys;

    Gate(ListenAddress address, boolean takesTokens, Keys keys) {
        this.address = address;
        this.takesTokens = takesTokens;
        this.keys = keys;
    }

    /// Whether everybody may do everything.
    boolean isOpen() {
        return address.isLoopback() && !takesTokens && !keys.wereMade();
    }

    /// Whether only this machine reaches the service.
    boolean isLocal() {
        return address.isLoopback();
    }
}
