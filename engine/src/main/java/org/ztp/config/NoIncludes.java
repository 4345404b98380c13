package org.ztp.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import java.io.File;
import java.net.URL;

/**
 * Refuses every include, of whatever form: the library itself follows those of files, URLs and the classpath for an
 * includer that does not say that it knows them.
 *
 * @param why what is said of it
 */
public record NoIncludes(String why) implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL,
        ConfigIncluderClasspath {
    @Override
    public ConfigIncluder withFallback(final ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(final ConfigIncludeContext context, final String what) {
        throw refused(what);
    }

    @Override
    public ConfigObject includeFile(final ConfigIncludeContext context, final File what) {
        throw refused(what.toString());
    }

    @Override
    public ConfigObject includeURL(final ConfigIncludeContext context, final URL what) {
        throw refused(what.toString());
    }

    @Override
    public ConfigObject includeResources(final ConfigIncludeContext context, final String what) {
        throw refused(what);
    }

    private ConfigException refused(final String what) {
        return new ConfigException.Generic("include " + what + ": " + why);
    }
}
