package org.ztp.tuning.sweep;

import java.util.List;
import org.ztp.config.Setting;

/**
 * A setting that is swept.
 *
 * @param setting which
 * @param levels the values that are tried, as they are written in a file; in their order if they have one
 */
record Factor(Setting setting, List<String> levels) {
    Factor {
        levels = List.copyOf(levels);
    }
}
