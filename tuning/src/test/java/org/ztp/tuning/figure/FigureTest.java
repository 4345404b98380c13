package org.ztp.tuning.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** Figures are well-formed, everything is inside of the frame, and axes say round numbers. */
final class FigureTest {
    private static final Axis LINEAR = new Axis("transactions/s", false);
    private static final Axis LOGARITHMIC = new Axis("latency, ms", true);

    private static Element parse(final String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8))).getDocumentElement();
    }

    @Test
    void everySpotIsInsideOfTheFrame() throws Exception {
        final Figure figure = new Figure("a < b & c", List.of("note ".repeat(50)), LOGARITHMIC, LINEAR, List.of(
            new Series("one", Series.Look.FIRST, List.of(new Spot(0.2, 10), new Spot(900, 250_000))),
            new Series("two", Series.Look.CHOSEN_MARK, List.of(new Spot(3, 0))),
            new Series("none", Series.Look.FAINT, List.of())));
        final Element svg = parse(figure.svg());
        final var circles = svg.getElementsByTagName("circle");
        assertEquals(3 + 2, circles.getLength()); // and two in the legend
        final Element frame = (Element) svg.getElementsByTagName("rect").item(1);
        for (int i = 0; i < 3; i++) {
            final Element circle = (Element) circles.item(i);
            assertInside(circle, "cx", frame, "x", "width");
            assertInside(circle, "cy", frame, "y", "height");
        }
        assertEquals(1, svg.getElementsByTagName("polyline").getLength());
        assertTrue(svg.getTextContent().contains("a < b & c"));
        assertFalse(svg.getTextContent().contains("none"));
    }

    private static void assertInside(final Element circle, final String at, final Element frame, final String from,
                                     final String length) {
        final double least = Double.parseDouble(frame.getAttribute(from));
        final double value = Double.parseDouble(circle.getAttribute(at));
        assertTrue(value >= least && value <= least + Double.parseDouble(frame.getAttribute(length)), at + " " + value);
    }

    @Test
    void aFigureWithoutSpotsIsOneToo() throws Exception {
        assertEquals("svg", parse(new Figure("empty", List.of(), LOGARITHMIC, LINEAR, List.of()).svg()).getTagName());
    }

    @Test
    void aFigureIsTheSameInEveryLocale() {
        final Figure figure = new Figure("empty", List.of(), LOGARITHMIC, LINEAR, List.of());
        final String svg = figure.svg();
        final Locale before = Locale.getDefault(Locale.Category.FORMAT);
        try {
            Locale.setDefault(Locale.Category.FORMAT, Locale.forLanguageTag("fa-IR-u-nu-arabext"));
            assertEquals(svg, figure.svg());
        } finally {
            Locale.setDefault(Locale.Category.FORMAT, before);
        }
    }

    @Test
    void ticksAreRound() {
        assertEquals(List.of(0.0, 50.0, 100.0, 150.0, 200.0), LINEAR.over(DoubleStream.of(3, 200)).ticks());
        assertEquals(List.of(0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0), LINEAR.over(DoubleStream.of(1)).ticks());
        assertEquals(List.of(1.0, 2.0, 5.0, 10.0, 20.0), LOGARITHMIC.over(DoubleStream.of(1, 30)).ticks());
        assertEquals(List.of(1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0),
            LOGARITHMIC.over(DoubleStream.of(1, 100_000)).ticks());
    }

    @Test
    void numbersAreShort() {
        assertEquals("0", Axis.number(0));
        assertEquals("0.05", Axis.number(0.05));
        assertEquals("20", Axis.number(20));
        assertEquals("1.5 k", Axis.number(1_500));
        assertEquals("250 k", Axis.number(250_000));
        assertEquals("2 M", Axis.number(2_000_000));
        assertEquals("1 G", Axis.number(1e9));
    }
}
