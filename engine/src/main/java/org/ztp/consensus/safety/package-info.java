/** The small trusted core: it alone holds the signing key and decides every vote; see PROTOCOL.md, rules S1 to S7. */
package org.ztp.consensus.safety;
