package org.ztp.cli;

import com.typesafe.config.ConfigFactory;
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
            final String json = Replies.ask(connection, new ServiceRequest.Status(), ServiceReply.StatusText.class,
                service.timeoutNs()).json();
            if (common.isJson()) {
                common.line(json);
            } else {
                StatusPage.of(ConfigFactory.parseString(json), System.currentTimeMillis()).forEach(common::line);
            }
        }
        return Exit.DONE.code();
    }
}
