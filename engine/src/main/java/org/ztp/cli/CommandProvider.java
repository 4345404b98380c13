package org.ztp.cli;

import java.util.List;

/** Adds commands to {@code ztp}; found by {@link java.util.ServiceLoader}. */
public interface CommandProvider {
    /** Objects of classes that picocli's Command annotation names. */
    List<Object> commands();
}
