package dev.telltale.database;

/// Hears, soon after, when this process gets or loses a lease. It is told on a thread that also tells others.
public interface LeaseListener {

    void gained();

    void lost();
}
