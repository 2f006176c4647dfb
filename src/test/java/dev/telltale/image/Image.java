package dev.telltale.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/// The image that was built, run as a careful operator would run it.
final class Image {

    static final int PORT = 8080;
    static final long MEMORY_LIMIT = 1L << 30;

    private static final String KEY_FILE = "/run/secrets/admin.key";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String name;
    private final DockerClient docker = DockerClientFactory.lazyClient();

    private Image(String name) {
        this.name = name;
    }

    /// The image that `-Dpacked.image` names. Without one the calling test is skipped; with one there must be a Docker
    /// API, since somebody built it.
    static Image orSkip() {
        String name = System.getProperty("packed.image");
        assumeTrue(
                name != null,
                "no image to test: .ci/images builds one where a Docker API can be had, and names it by -Dpacked.image");
        assertThat(DockerClientFactory.instance().isDockerAvailable())
                .as("a Docker API, at DOCKER_HOST or where Docker has it by default")
                .isTrue();
        return new Image(Objects.requireNonNull(name));
    }

    /// What the image says of itself.
    InspectImageResponse inspect() {
        return docker.inspectImageCmd(name).exec();
    }

    DockerClient docker() {
        return docker;
    }

    /// How a container ended by itself.
    record End(long code, String out, String err) {}

    /// Runs the image until it ends.
    End run(String... arguments) {
        return untilTheEnd(bare(arguments));
    }

    /// Starts the service, without a setting, until it ends.
    ///
    /// @param options what the JVM is told besides what it always is
    End runJava(String... options) {
        List<String> command = new ArrayList<>(List.of("/opt/jre/bin/java", "@/opt/telltale/jvm.options"));
        command.addAll(List.of(options));
        command.addAll(List.of("-jar", "/opt/telltale/telltale.jar"));
        return untilTheEnd(bare().withCreateContainerCmdModifier(create -> create.withEntrypoint(command)));
    }

    private End untilTheEnd(GenericContainer<?> begun) {
        try (GenericContainer<?> container = begun.withStartupCheckStrategy(new UntilTheEnd().withTimeout(PATIENCE))) {
            container.start();
            return new End(
                    Objects.requireNonNull(state(container).getExitCodeLong()),
                    container.getLogs(OutputFrame.OutputType.STDOUT),
                    container.getLogs(OutputFrame.OutputType.STDERR));
        }
    }

    /// Takes a container for started once it has ended, with whatever code.
    private static final class UntilTheEnd extends StartupCheckStrategy {

        @Override
        public StartupStatus checkStartupState(DockerClient docker, String container) {
            return "exited".equals(getCurrentState(docker, container).getStatus())
                    ? StartupStatus.SUCCESSFUL
                    : StartupStatus.NOT_YET_KNOWN;
        }
    }

    InspectContainerResponse.ContainerState state(GenericContainer<?> container) {
        return inspect(container).getState();
    }

    InspectContainerResponse inspect(GenericContainer<?> container) {
        return docker.inspectContainerCmd(container.getContainerId()).exec();
    }

    /// The service with a first key from a file: nothing of its root can be written, it has no rights of root, 1 GiB of
    /// memory and no programs but its own, since an empty directory lies over those of the base.
    ///
    /// @param volume where its data is kept
    /// @param key what the file holds
    /// @param folder where the file is made
    GenericContainer<?> guarded(String volume, String key, Path folder) throws IOException {
        Path nothing = Files.createDirectories(folder.resolve("nothing"));
        Path file = Files.writeString(folder.resolve("admin.key"), key);
        // The user of the container is nobody on this machine.
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return new GenericContainer<>(DockerImageName.parse(name))
                .withImagePullPolicy(present -> false)
                .withExposedPorts(PORT)
                .withEnv("TELLTALE_ACCESS_KEY_FILE", KEY_FILE)
                .withTmpFs(Map.of("/tmp", "rw,noexec,nosuid,nodev,size=64m"))
                .withCreateContainerCmdModifier(create -> Objects.requireNonNull(create.getHostConfig())
                        .withReadonlyRootfs(true)
                        .withCapDrop(Capability.ALL)
                        .withSecurityOpts(List.of("no-new-privileges"))
                        .withMemory(MEMORY_LIMIT)
                        .withMemorySwap(MEMORY_LIMIT)
                        .withBinds(
                                new Bind(volume, new Volume("/data")),
                                new Bind(nothing.toString(), new Volume("/usr/bin"), AccessMode.ro),
                                new Bind(file.toString(), new Volume(KEY_FILE), AccessMode.ro)))
                .waitingFor(Wait.forHttp("/actuator/health/readiness")
                        .forPort(PORT)
                        .forStatusCode(200)
                        .withStartupTimeout(PATIENCE));
    }

    /// The service as it comes, with no settings but its arguments.
    GenericContainer<?> bare(String... arguments) {
        return new GenericContainer<>(DockerImageName.parse(name))
                .withImagePullPolicy(present -> false)
                .withCommand(arguments);
    }
}
