package dev.telltale.drawing;

import static dev.telltale.drawing.Sheet.EDGE;
import static dev.telltale.drawing.Sheet.TEXT_SIZE;

import dev.telltale.drawing.Mark.Anchor;
import dev.telltale.drawing.Mark.Corner;
import dev.telltale.drawing.Mark.Dash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.eclipse.elk.core.RecursiveGraphLayoutEngine;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkBendPoint;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/// Draws a graph from above to below, its nodes placed and its edges led by ELK's layered algorithm.
final class GraphDrawing {

    private static final double SHAPE_SIZE = 11;
    private static final double NARROWEST_NODE = 70;
    private static final double WIDEST_NODE = 320;
    private static final double NODE_HEIGHT = 40;
    private static final double ARROW = 7;
    private static final double NARROWEST = 560;

    private final Graph graph;
    private final Sheet sheet = new Sheet();

    private GraphDrawing(Graph graph) {
        this.graph = graph;
    }

    static Picture draw(Graph graph) {
        return new GraphDrawing(graph).picture();
    }

    private Picture picture() {
        ElkNode root = ElkGraphUtil.createGraph();
        root.setProperty(CoreOptions.ALGORITHM, "org.eclipse.elk.layered");
        root.setProperty(CoreOptions.DIRECTION, Direction.DOWN);
        root.setProperty(CoreOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
        root.setProperty(CoreOptions.PADDING, new ElkPadding(0));
        root.setProperty(CoreOptions.RANDOM_SEED, 1);
        Map<Integer, ElkNode> places = new HashMap<>();
        for (Graph.Node node : graph.nodes()) {
            ElkNode place = ElkGraphUtil.createNode(root);
            place.setWidth(width(node));
            place.setHeight(NODE_HEIGHT);
            places.put(node.id(), place);
        }
        for (Graph.Edge edge : graph.edges()) {
            ElkGraphUtil.createSimpleEdge(places.get(edge.from()), places.get(edge.to()));
        }
        new RecursiveGraphLayoutEngine().layout(root, new BasicProgressMonitor());
        double width = Math.max(Math.max(NARROWEST, Sheet.widthOf(graph.title(), "")), root.getWidth() + 2 * EDGE);
        double left = (width - root.getWidth()) / 2;
        double top = legend(sheet.heading(graph.title(), "", width));
        root.getContainedEdges().forEach(edge -> edge(edge, left, top));
        for (Graph.Node node : graph.nodes()) {
            ElkNode place = Objects.requireNonNull(places.get(node.id()));
            node(node, left + place.getX(), top + place.getY(), place.getWidth());
        }
        return sheet.picture(width, top + root.getHeight() + EDGE, graph.title());
    }

    private static double width(Graph.Node node) {
        double text = Math.max(Lettering.width(node.name(), TEXT_SIZE), Lettering.width(node.shape(), SHAPE_SIZE));
        return Math.ceil(Math.clamp(text + 20, NARROWEST_NODE, WIDEST_NODE));
    }

    /// Returns where what follows may begin.
    private double legend(double from) {
        double at = EDGE;
        double line = from + 16;
        for (Graph.Kind kind : Graph.Kind.values()) {
            if (graph.nodes().stream().anyMatch(node -> node.kind() == kind)) {
                GraphStyle style = GraphStyle.of(kind);
                String name = kind.name().toLowerCase(Locale.ROOT);
                sheet.put(new Mark.Box(at, line - 11, 18, 14, 3, style.fill(), style.border()));
                sheet.text(at + 24, line, name, Anchor.START, Colour.INK);
                at += 24 + Lettering.width(name, TEXT_SIZE) + 18;
            }
        }
        return line + 24;
    }

    private void node(Graph.Node node, double x, double y, double width) {
        GraphStyle style = GraphStyle.of(node.kind());
        sheet.put(new Mark.Box(x, y, width, NODE_HEIGHT, 6, style.fill(), style.border()));
        double middle = x + width / 2;
        String name = Lettering.fitting(node.name(), TEXT_SIZE, width - 8);
        sheet.text(middle, y + (node.shape().isEmpty() ? 24 : 17), name, Anchor.MIDDLE, Colour.INK);
        if (!node.shape().isEmpty()) {
            String shape = Lettering.fitting(node.shape(), SHAPE_SIZE, width - 8);
            sheet.put(new Mark.Text(middle, y + 32, shape, SHAPE_SIZE, Anchor.MIDDLE, false, false, Colour.FAINT_INK));
        }
    }

    private void edge(ElkEdge edge, double left, double top) {
        for (ElkEdgeSection section : edge.getSections()) {
            List<Corner> corners = new ArrayList<>();
            corners.add(new Corner(left + section.getStartX(), top + section.getStartY()));
            for (ElkBendPoint bend : section.getBendPoints()) {
                corners.add(new Corner(left + bend.getX(), top + bend.getY()));
            }
            Corner tip = new Corner(left + section.getEndX(), top + section.getEndY());
            double base = tip.y() - ARROW; // all edges end downwards
            corners.add(new Corner(tip.x(), base));
            sheet.put(new Mark.Stroke(corners, 1.2, Dash.NONE, Colour.GREY));
            Corner one = new Corner(tip.x() - ARROW / 2, base);
            Corner other = new Corner(tip.x() + ARROW / 2, base);
            sheet.put(new Mark.Patch(List.of(tip, one, other), Colour.GREY));
        }
    }
}
