package dev.telltale.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The objects that a folder with a `kustomization.yaml` makes, read without kubectl.
///
/// Knows what the folders of this project use (resources, components, JSON patches of files, one namespace,
/// images) and refuses any other field, so that none is overlooked.
final class Kustomization {

    private static final String FILE = "kustomization.yaml";
    private static final Set<String> FIELDS =
            Set.of("apiVersion", "kind", "namespace", "resources", "components", "patches", "images");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path folder;
    private final JsonNode file;

    private Kustomization(Path folder) {
        this.folder = folder;
        this.file = documents(folder.resolve(FILE)).getFirst();
        if (!FIELDS.containsAll(file.propertyNames())) {
            throw new IllegalStateException(folder + " has a field that is none of " + FIELDS);
        }
    }

    /// The objects by `Kind/name`.
    ///
    /// @throws IllegalStateException if something that is named is not there, or two objects have one name
    static Map<String, ObjectNode> render(Path folder) {
        List<ObjectNode> objects = new ArrayList<>();
        new Kustomization(folder).addTo(objects);
        return byName(objects);
    }

    /// The objects of a stream of documents, by `Kind/name`.
    static Map<String, ObjectNode> byName(List<ObjectNode> objects) {
        Map<String, ObjectNode> byName = new TreeMap<>();
        for (ObjectNode object : objects) {
            if (byName.put(name(object), object) != null) {
                throw new IllegalStateException("two objects are " + name(object));
            }
        }
        return byName;
    }

    static String name(JsonNode object) {
        return object.path("kind").asString() + "/"
                + object.at("/metadata/name").asString();
    }

    /// All documents of a file.
    static List<ObjectNode> documents(Path file) {
        try {
            return documents(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<ObjectNode> documents(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return StreamSupport.stream(
                        new Yaml(new SafeConstructor(options)).loadAll(text).spliterator(), false)
                .map(JSON::<JsonNode>valueToTree)
                .map(Kustomization::document)
                .toList();
    }

    /// The files that the folder's kustomization names, its own aside.
    static Stream<Path> filesOf(Path folder) {
        Kustomization kustomization = new Kustomization(folder);
        return Stream.concat(
                kustomization.paths("resources").filter(path -> !Files.isDirectory(path)),
                kustomization.file.path("patches").valueStream().map(patch -> kustomization.path(patch.path("path"))));
    }

    /// A list of operations of a patch is no object, so it comes as one with the list in it.
    private static ObjectNode document(JsonNode node) {
        return node instanceof ObjectNode object
                ? object
                : JSON.createObjectNode().set("operations", node);
    }

    private void addTo(List<ObjectNode> objects) {
        paths("resources").forEach(path -> {
            if (Files.isDirectory(path)) {
                List<ObjectNode> others = new ArrayList<>();
                new Kustomization(path).addTo(others);
                objects.addAll(others);
            } else {
                objects.addAll(documents(path));
            }
        });
        paths("components").forEach(path -> new Kustomization(path).addTo(objects));
        file.path("patches").forEach(patch -> patch(patch, objects));
        if (file.has("namespace")) {
            objects.forEach(this::putIntoNamespace);
        }
        file.path("images").forEach(image -> objects.forEach(object -> rename(image, object)));
    }

    private Stream<Path> paths(String field) {
        return file.path(field).valueStream().map(this::path);
    }

    private Path path(JsonNode named) {
        Path path = folder.resolve(named.asString()).normalize();
        if (!Files.exists(path)) {
            throw new IllegalStateException(folder + " names " + named + ", which is not there");
        }
        return path;
    }

    private void patch(JsonNode patch, List<ObjectNode> objects) {
        JsonNode target = patch.path("target");
        String version =
                target.path("group").asString("") + "/" + target.path("version").asString("");
        List<ObjectNode> meant = objects.stream()
                .filter(object -> object.path("apiVersion").asString().equals(version)
                        && object.path("kind").equals(target.path("kind"))
                        && object.at("/metadata/name").equals(target.path("name")))
                .toList();
        if (meant.isEmpty()) {
            throw new IllegalStateException(folder + " patches " + target + ", which is not there");
        }
        for (ObjectNode object : meant) {
            String kind = object.path("kind").asString();
            documents(path(patch.path("path")))
                    .getFirst()
                    .path("operations")
                    .forEach(operation -> apply(operation, object));
            if (!object.path("kind").asString().equals(kind)
                    && !patch.at("/options/allowKindChange").asBoolean(false)) {
                throw new IllegalStateException(folder + " makes another kind of " + kind);
            }
        }
    }

    /// One operation of RFC 6902.
    private static void apply(JsonNode operation, ObjectNode object) {
        JsonPointer place = JsonPointer.compile(operation.path("path").asString());
        JsonNode parent = object.at(place.head());
        String key = place.last().getMatchingProperty();
        JsonNode value = operation.path("value").deepCopy();
        String what = operation.path("op").asString();
        boolean isThere = !object.at(place).isMissingNode();
        switch (what) {
            case "test" -> require(object.at(place).equals(value), operation);
            case "remove" -> {
                require(isThere, operation);
                if (parent instanceof ArrayNode array) {
                    array.remove(Integer.parseInt(key));
                } else {
                    ((ObjectNode) parent).remove(key);
                }
            }
            case "replace" -> {
                require(isThere, operation);
                if (parent instanceof ArrayNode array) {
                    array.set(Integer.parseInt(key), value);
                } else {
                    ((ObjectNode) parent).set(key, value);
                }
            }
            case "add" -> {
                if (parent instanceof ArrayNode array) {
                    array.insert(key.equals("-") ? array.size() : Integer.parseInt(key), value);
                } else {
                    require(parent instanceof ObjectNode, operation);
                    ((ObjectNode) parent).set(key, value);
                }
            }
            default -> throw new IllegalStateException("no operation: " + operation);
        }
    }

    private static void require(boolean fits, JsonNode operation) {
        if (!fits) {
            throw new IllegalStateException("does not fit what it changes: " + operation);
        }
    }

    private void putIntoNamespace(ObjectNode object) {
        ObjectNode metadata = (ObjectNode) object.path("metadata");
        boolean isNamespace = object.path("kind").asString().equals("Namespace");
        metadata.set(isNamespace ? "name" : "namespace", file.path("namespace"));
    }

    private static void rename(JsonNode image, ObjectNode object) {
        JsonNode name = image.path("name");
        String renamed =
                image.path("newName").asString() + ":" + image.path("newTag").asString();
        for (JsonNode container : object.at("/spec/template/spec/containers")) {
            if (container.path("image").equals(name)) {
                ((ObjectNode) container).put("image", renamed);
            }
        }
    }
}
