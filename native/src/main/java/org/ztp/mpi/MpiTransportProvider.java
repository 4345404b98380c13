package org.ztp.mpi;

import org.ztp.transport.RankTransport;
import org.ztp.transport.TransportException;
import org.ztp.transport.TransportProvider;
import org.ztp.transport.TransportSetting;

/** Joins the ranks of an MPI job; found by {@link java.util.ServiceLoader}. */
public final class MpiTransportProvider implements TransportProvider {
    @Override
    public String name() {
        return "mpi";
    }

    @Override
    public RankTransport open(final TransportSetting setting) throws TransportException {
        RankEnvironment.check(System.getenv());
        try {
            return new MpiTransport(setting);
        } catch (final LinkageError missing) {
            throw new TransportException("the MPI library cannot be loaded: " + missing,
                "run native/setup.sh: it tells java.library.path and mpi.jar");
        }
    }
}
