package io.github.convlens.figure;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A figure's SVG, read back by an XML parser. */
record SvgDocument(Element root) {
  static SvgDocument of(Figure figure) {
    try {
      return new SvgDocument(
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(figure.svg())))
              .getDocumentElement());
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new AssertionError(e);
    }
  }

  List<Element> elements(String name) {
    NodeList nodes = root.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  /** The elements of a class. */
  List<Element> elements(String name, String role) {
    return elements(name).stream().filter(e -> e.getAttribute("class").equals(role)).toList();
  }

  /** The rectangles of these classes, without the legend's. */
  List<Element> boxes(String... classes) {
    List<String> wanted = List.of(classes);
    return elements("rect").stream()
        .filter(e -> wanted.contains(e.getAttribute("class")) && number(e, "width") != 12)
        .toList();
  }

  List<String> texts() {
    return elements("text").stream().map(Element::getTextContent).toList();
  }

  /** How many marks there are of each class, in the order of their names. */
  String counts() {
    Map<String, Long> counts = new TreeMap<>();
    for (String name : List.of("rect", "polyline", "polygon")) {
      elements(name).forEach(e -> counts.merge(e.getAttribute("class"), 1L, Long::sum));
    }
    return counts.entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue())
        .collect(Collectors.joining(", "));
  }

  static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }
}
