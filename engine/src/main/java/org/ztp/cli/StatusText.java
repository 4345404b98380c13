package org.ztp.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.util.function.Function;
import org.ztp.client.ServiceReply;
import org.ztp.config.NoIncludes;

/** The service's status, as it says it: JSON and nothing more, and whatever is wrong with it is the service's fault. */
final class StatusText {
    private static final ConfigParseOptions AS_JSON = ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON)
        .setIncluder(new NoIncludes("a status is one document"));

    private StatusText() {
    }

    /**
     * Reads it.
     *
     * @param said what the service said
     * @param reader takes what it wants of it; what is not there, or of another type, ends the command with exit 4
     */
    static <T> T read(final ServiceReply.StatusText said, final Function<Config, T> reader) {
        try {
            return reader.apply(ConfigFactory.parseString(said.json(), AS_JSON));
        } catch (final ConfigException | StackOverflowError wrong) {
            throw new CommandException(Exit.UNAVAILABLE, "the service's status makes no sense: "
                + String.valueOf(wrong.getMessage()).lines().findFirst().orElse(""), "ask through another rank");
        }
    }

    /** A whole number that stands for one of several things, 0 and up. */
    static int index(final Config status, final String key, final int count) {
        final int value = status.getInt(key);
        if (value < 0 || value >= count) {
            throw new ConfigException.BadValue(status.origin(), key, "expected=0 .. " + (count - 1) + " actual="
                + value);
        }
        return value;
    }
}
