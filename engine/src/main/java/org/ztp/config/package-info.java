/**
 * The configuration of one node: read from HOCON, checked as a whole, then never changed.
 *
 * <p>{@link org.ztp.config.Setting} is the one table of all keys with their units, defaults and limits; the file
 * {@code ztp.conf} that {@code ztp init} writes and the page CONFIGURATION.md are made from it.
 */
package org.ztp.config;
