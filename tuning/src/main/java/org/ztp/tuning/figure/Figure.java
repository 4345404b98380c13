package org.ztp.tuning.figure;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A figure.
 *
 * @param title above it
 * @param notes lines below the title
 * @param horizontal the axis of x
 * @param vertical the axis of y
 * @param series what is drawn, the last in front; one without points is left out
 */
public record Figure(String title, List<String> notes, Axis horizontal, Axis vertical, List<Series> series) {
    private static final int WIDTH = 860;
    private static final int LEFT = 80;
    private static final int RIGHT = 24;
    private static final int LINE = 18;
    private static final int PLOT_HEIGHT = 380;
    private static final int LONGEST_NOTE = 108;

    /** Copies the lists. */
    public Figure {
        notes = List.copyOf(notes);
        series = series.stream().filter(one -> !one.spots().isEmpty()).toList();
    }

    /** The text of the file. */
    public String svg() {
        final List<String> lines = notes.stream().flatMap(note -> wrapped(note).lines()).toList();
        final int top = 40 + LINE * lines.size();
        final int bottom = top + PLOT_HEIGHT;
        final int height = bottom + 60 + LINE * series.size();
        final StringBuilder out = new StringBuilder();
        out.append(String.format(Locale.ROOT, """
            <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d"
              font-family="sans-serif" font-size="12">
            <rect width="100%%" height="100%%" fill="white"/>
            """, WIDTH, height, WIDTH, height));
        text(out, LEFT, 24, "start", "font-size=\"16\" font-weight=\"bold\"", title);
        for (int i = 0; i < lines.size(); i++) {
            text(out, LEFT, 44 + LINE * i, "start", "fill=\"#444444\"", lines.get(i));
        }
        final Axis.Scale x = horizontal.over(series.stream().flatMap(one -> one.spots().stream()).mapToDouble(Spot::x));
        final Axis.Scale y = vertical.over(series.stream().flatMap(one -> one.spots().stream()).mapToDouble(Spot::y));
        frame(out, x, y, top, bottom);
        series.forEach(one -> draw(out, one, x, y, bottom));
        for (int i = 0; i < series.size(); i++) {
            final int at = bottom + 58 + LINE * i;
            mark(out, series.get(i).look(), LEFT + 14, at - 4, Math.min(7, series.get(i).look().radius()));
            text(out, LEFT + 32, at, "start", "", series.get(i).name());
        }
        return out.append("</svg>\n").toString();
    }

    private void frame(final StringBuilder out, final Axis.Scale x, final Axis.Scale y, final int top,
                       final int bottom) {
        for (final double tick : x.ticks()) {
            final double at = across(x, tick);
            line(out, at, top, at, bottom);
            text(out, at, bottom + LINE, "middle", "", Axis.number(tick));
        }
        for (final double tick : y.ticks()) {
            final double at = up(y, tick, bottom);
            line(out, LEFT, at, WIDTH - RIGHT, at);
            text(out, LEFT - 8, at + 4, "end", "", Axis.number(tick));
        }
        out.append(String.format(Locale.ROOT, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"", LEFT, top,
            WIDTH - LEFT - RIGHT, bottom - top)).append(" fill=\"none\" stroke=\"black\"/>\n");
        text(out, (LEFT + WIDTH - RIGHT) / 2.0, bottom + 38, "middle", "", horizontal.label());
        final double middle = (top + bottom) / 2.0;
        text(out, 20, middle, "middle", "transform=\"rotate(-90 20 " + middle + ")\"", vertical.label());
    }

    private static void draw(final StringBuilder out, final Series one, final Axis.Scale x, final Axis.Scale y,
                             final int bottom) {
        if (one.look().hasLine()) {
            out.append("<polyline fill=\"none\" stroke=\"").append(one.look().colour()).append("\" points=\"")
                .append(one.spots().stream().map(spot -> coordinate(across(x, spot.x())) + ","
                    + coordinate(up(y, spot.y(), bottom))).collect(Collectors.joining(" "))).append("\"/>\n");
        }
        for (final Spot spot : one.spots()) {
            mark(out, one.look(), across(x, spot.x()), up(y, spot.y(), bottom), one.look().radius());
        }
    }

    private static void mark(final StringBuilder out, final Series.Look look, final double x, final double y,
                             final double radius) {
        out.append("<circle cx=\"").append(coordinate(x)).append("\" cy=\"").append(coordinate(y)).append("\" r=\"")
            .append(coordinate(radius))
            .append(look.isRing() ? "\" fill=\"none\" stroke-width=\"2\" stroke=\"" : "\" fill=\"")
            .append(look.colour()).append("\"/>\n");
    }

    private static void line(final StringBuilder out, final double x1, final double y1, final double x2,
                             final double y2) {
        out.append("<line stroke=\"#dddddd\" x1=\"").append(coordinate(x1)).append("\" y1=\"").append(coordinate(y1))
            .append("\" x2=\"").append(coordinate(x2)).append("\" y2=\"").append(coordinate(y2)).append("\"/>\n");
    }

    private static void text(final StringBuilder out, final double x, final double y, final String anchor,
                             final String style, final String words) {
        out.append("<text x=\"").append(coordinate(x)).append("\" y=\"").append(coordinate(y))
            .append("\" text-anchor=\"").append(anchor).append("\" ").append(style).append('>')
            .append(words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")).append("</text>\n");
    }

    private static double across(final Axis.Scale scale, final double value) {
        return LEFT + scale.position(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double up(final Axis.Scale scale, final double value, final int bottom) {
        return bottom - scale.position(value) * PLOT_HEIGHT;
    }

    private static String coordinate(final double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String wrapped(final String note) {
        return note.replaceAll("(.{80," + LONGEST_NOTE + "}) ", "$1\n");
    }
}
