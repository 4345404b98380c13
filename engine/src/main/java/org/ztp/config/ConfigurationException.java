package org.ztp.config;

import java.util.List;

/** A configuration that cannot be used: everything that is wrong with it, one line each. */
public final class ConfigurationException extends Exception {
    private final transient List<String> problems;

    /** With at least one problem. */
    ConfigurationException(final List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, one line each. */
    public List<String> problems() {
        return problems;
    }
}
