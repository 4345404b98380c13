package org.ztp.cli;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.TreeMap;
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
                show("", ConfigFactory.parseString(json).root());
            }
        }
        return Exit.DONE.code();
    }

    private void show(final String indent, final ConfigObject object) {
        new TreeMap<>(object).forEach((key, value) -> show(indent, key, value));
    }

    private void show(final String indent, final String key, final ConfigValue value) {
        if (value instanceof ConfigObject inner) {
            common.line(indent + key + ":");
            show(indent + "  ", inner);
        } else if (value instanceof ConfigList list && list.stream().anyMatch(ConfigObject.class::isInstance)) {
            for (int i = 0; i < list.size(); i++) {
                show(indent, key + " " + i, list.get(i));
            }
        } else {
            common.line(indent + key + ": " + value.unwrapped());
        }
    }
}
