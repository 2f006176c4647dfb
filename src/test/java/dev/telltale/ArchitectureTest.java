package dev.telltale;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The map of the rooms: what each may use. A new arrow is one line here, and a reviewer sees it.
class ArchitectureTest {

    private static final Map<String, String> ROOMS = new LinkedHashMap<>();

    static {
        // room → the rooms above it that it may use
        ROOMS.put("problem", "");
        ROOMS.put("database", "problem");
        ROOMS.put("http", "problem database");
        ROOMS.put("jobs", "problem http database");
        ROOMS.put("series", "problem http database jobs");
        ROOMS.put("signal", "problem http series");
        ROOMS.put("drawing", "problem");
        ROOMS.put("torch", "problem http signal");
        ROOMS.put("attention", "problem http series signal torch drawing");
        ROOMS.put("autoencoder", "problem http attention signal torch drawing");
        ROOMS.put("detection", "problem http autoencoder signal");
        ROOMS.put("models", "problem http detection autoencoder attention torch signal series jobs database drawing");
        ROOMS.put("live", "problem http models detection signal series jobs database");
        ROOMS.put("wire", ""); // generated from src/main/proto
        ROOMS.put("ingest", "problem http series wire");
        ROOMS.put("alerts", "problem http live series jobs database");
        ROOMS.put("egress", "problem http live series database wire");
        ROOMS.put("access", "problem http database");
        ROOMS.put(
                "ops",
                "problem http database jobs series signal torch attention autoencoder detection models live ingest"
                        + " alerts egress access");
    }

    private static final Set<String> FORBIDDEN = Set.of(
            "java.lang.Runtime.exec",
            "java.net.URL.openStream",
            "java.net.URL.openConnection",
            "ai.djl.util.Utils.openUrl",
            "ai.djl.Model.load",
            "ai.djl.Model.newInstance",
            "ai.djl.ndarray.NDManager.decode",
            "ai.djl.ndarray.NDList.decode",
            "ai.djl.pytorch.jni.JniUtils.loadModule",
            "ai.djl.pytorch.jni.JniUtils.loadModuleHandle");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.telltale");

    @Test
    void everyRoomUsesOnlyTheRoomsOnItsLineOfTheMap() {
        ROOMS.forEach((room, allowed) -> {
            List<String> forbidden = ROOMS.keySet().stream()
                    .filter(other -> !other.equals(room))
                    .filter(other -> !Arrays.asList(allowed.split(" ")).contains(other))
                    .map(ArchitectureTest::within)
                    .toList();
            noClasses()
                    .that()
                    .resideInAPackage(within(room))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden.toArray(String[]::new))
                    .check(CLASSES);
        });
    }

    @Test
    void theMapListsEveryRoom() {
        Set<String> rooms = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            if (!type.getPackageName().equals("dev.telltale")) {
                rooms.add(type.getPackageName().split("\\.", -1)[2]);
            }
        }
        assertThat(ROOMS.keySet()).containsExactlyInAnyOrderElementsOf(rooms);
    }

    @Test
    void tensorsStayInPackagesNamedTorch() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..torch..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..")
                .check(CLASSES);
    }

    @Test
    void springStaysAtTheEdges() {
        DescribedPredicate<JavaClass> edges = resideInAPackage(within("database"))
                .or(resideInAPackage(within("http")))
                .or(resideInAPackage(within("ingest")))
                .or(resideInAPackage(within("alerts")))
                .or(resideInAPackage(within("egress")))
                .or(resideInAPackage(within("access")))
                .or(resideInAPackage(within("ops")))
                .or(DescribedPredicate.describe("named as an edge", ArchitectureTest::isNamedAsAnEdge));
        classes()
                .that()
                .areNotAnnotatedWith("org.springframework.boot.autoconfigure.SpringBootApplication")
                .and(DescribedPredicate.not(edges))
                .should()
                .onlyDependOnClassesThat(DescribedPredicate.not(resideInAPackage("org.springframework..")))
                .check(CLASSES);
    }

    /// Formats that can run code or fill the memory of who reads them, and what fetches or starts something by a name.
    @Test
    void nothingReadsJavaObjectsOrArchives() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.io\\.ObjectInputStream|java\\.beans\\.XMLDecoder|java\\.util\\.(zip\\.Zip|jar\\.Jar)InputStream"
                                + "|java\\.lang\\.ProcessBuilder|org\\.yaml\\.snakeyaml\\..*|javax\\.script\\..*"
                                + "|ai\\.djl\\.util\\.(Zip|Tar)Utils|ai\\.djl\\.nn\\.SymbolBlock|ai\\.djl\\.repository\\..*"
                                + "|ai\\.djl\\.pytorch\\.engine\\.(PtModel|PtSymbolBlock)|ai\\.djl\\.ndarray\\.NDSerializer")
                .check(CLASSES);
    }

    /// Methods of classes whose others are of use.
    @Test
    void nothingTypesJsonByItsContentOrLoadsAModelWithTheEngine() {
        for (String method :
                List.of("activateDefaultTyping", "activateDefaultTypingAsProperty", "polymorphicTypeValidator")) {
            noClasses()
                    .should()
                    .callMethodWhere(DescribedPredicate.describe(
                            "the method is " + method, call -> call.getName().equals(method)))
                    .check(CLASSES);
        }
        noClasses()
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "it starts a process, fetches an address or reads a model",
                        call -> FORBIDDEN.contains(call.getTargetOwner().getFullName() + "." + call.getName())))
                .check(CLASSES);
    }

    private static boolean isNamedAsAnEdge(JavaClass type) {
        JavaClass outermost = type;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        return outermost.getSimpleName().matches(".*(Application|Configuration|Properties|Controller|Advice)");
    }

    private static String within(String room) {
        return "dev.telltale." + room + "..";
    }
}
