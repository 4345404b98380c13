/** Small figures (SVG 1.1): points and lines in a frame with two labelled axes, and a legend. */
package org.ztp.tuning.figure;
