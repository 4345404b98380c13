package org.ztp.cli;

import java.util.Locale;

/** What somebody else may have written, for people to read: it cannot steer a terminal, nor look like a line of its own. */
final class Printable {
    private Printable() {
    }

    /** The text between quotation marks, which ends at the second one that stands alone. */
    static String quoted(final String text) {
        return '"' + of(text).replace("\"", "\\\"") + '"';
    }

    /** The text, with the number of each letter that would not be shown as a letter in its place. */
    static String of(final String text) {
        final StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(letter -> {
            switch (Character.getType(letter)) {
                case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                    shown.append(String.format(Locale.ROOT, "\\u{%x}", letter));
                default -> shown.appendCodePoint(letter);
            }
        });
        return shown.toString();
    }
}
