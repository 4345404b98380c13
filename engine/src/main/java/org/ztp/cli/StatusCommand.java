package org.ztp.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.ztp.client.Connection;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ztp status}. */
@Command(name = "status", mixinStandardHelpOptions = true,
    description = "How the running service is: replicas, sub-clusters, heights, views, leader, suspected peers, rates.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Mixin
    private ServiceOptions service;

    @Override
    public Integer call() {
        common.genesis();
        try (Connection connection = Replies.connect(service.connector(common))) {
            final ServiceReply.StatusText said = Replies.ask(connection, new ServiceRequest.Status(),
                ServiceReply.StatusText.class, service.timeoutNs());
            final List<String> page = StatusText.read(said,
                status -> StatusPage.of(status, System.currentTimeMillis()));
            if (common.isJson()) {
                common.line(said.json());
            } else {
                page.forEach(common::line);
            }
        }
        return Exit.DONE.code();
    }
}
