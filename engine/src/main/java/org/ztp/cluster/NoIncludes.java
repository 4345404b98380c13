package org.ztp.cluster;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;

/** Refuses every include: the genesis is one file. */
final class NoIncludes implements ConfigIncluder {
    @Override
    public ConfigIncluder withFallback(final ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(final ConfigIncludeContext context, final String what) {
        throw new ConfigException.Generic("the genesis may not include other files: " + what);
    }
}
