/**
 * The kernels alone, measured by JMH, each beside the ways that were not taken ({@code rejected…}).
 * {@code tuning/README.md} has the command.
 */
package org.ztp.kernels;
