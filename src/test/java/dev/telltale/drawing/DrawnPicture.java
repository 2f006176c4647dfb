package dev.telltale.drawing;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// A picture as who gets it sees it.
public final class DrawnPicture {

    private DrawnPicture() {}

    /// The elements of a well-formed SVG document, in order.
    ///
    /// @throws AssertionError if it is none
    static List<Element> elements(byte[] svg) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setNamespaceAware(true);
            Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg));
            NodeList all = document.getElementsByTagNameNS("http://www.w3.org/2000/svg", "*");
            List<Element> elements = new ArrayList<>();
            for (int i = 0; i < all.getLength(); i++) {
                elements.add((Element) all.item(i));
            }
            return elements;
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError(new String(svg, StandardCharsets.UTF_8), e);
        }
    }

    /// The texts of an SVG document, in order.
    public static List<String> texts(byte[] svg) {
        return elements(svg).stream()
                .filter(element -> element.getTagName().equals("text"))
                .map(Element::getTextContent)
                .toList();
    }

    /// How many pixels of a PNG have each colour.
    public static Map<Colour, Integer> colours(byte[] png) {
        BufferedImage image = image(png);
        Map<Colour, Integer> colours = new TreeMap<>((one, other) -> Integer.compare(one.rgb(), other.rgb()));
        for (int pixel : image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth())) {
            colours.merge(new Colour(pixel & 0xffffff), 1, Integer::sum);
        }
        return colours;
    }

    static BufferedImage image(byte[] png) {
        try {
            return ImageIO.read(new ByteArrayInputStream(png));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
