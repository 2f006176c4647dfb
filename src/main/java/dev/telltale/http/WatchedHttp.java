package dev.telltale.http;

import java.util.Set;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;

/// HTTP/1.1 as Tomcat speaks it, with a look at its connections. Public because Tomcat makes it by its name.
public final class WatchedHttp extends Http11NioProtocol {

    /// Those that are open.
    Set<SocketWrapperBase<NioChannel>> connections() {
        return getEndpoint().getConnections();
    }
}
