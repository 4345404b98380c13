package org.ztp.client;

/** Words of commands that people are told to type. */
public final class ShellWord {
    private ShellWord() {
    }

    /** A text, such as the name of a file, as a shell takes it for one word (POSIX, Shell Command Language, 2.2). */
    public static String of(final Object text) {
        final String word = text.toString();
        return word.matches("[A-Za-z0-9_./@%+=:,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
