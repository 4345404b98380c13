/**
 * What users are promised, tested as they meet it: every command is a process of its own, with real files, real shared
 * memory and real kills. A cluster is a {@link org.ztp.acceptance.Site}, its commands are
 * {@link org.ztp.acceptance.Command}s; what they start and leave behind is taken away by {@code Site.close()}.
 */
package org.ztp.acceptance;
