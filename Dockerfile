# The service as a container; docs/container.md tells how to build and run it.
#
#   docker build -t telltale .
#
# Both bases can be pinned by their digest: --build-arg JDK=docker.io/library/eclipse-temurin:25-jdk-noble@sha256:…
ARG JDK=docker.io/library/eclipse-temurin:25-jdk-noble
ARG BASE=docker.io/library/debian:bookworm-slim

# The jar: built from the sources, or one that is there already: --build-arg JAR=target/telltale-….jar
FROM ${JDK} AS jar
ARG JAR
ARG TARGETARCH
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/maven set -eu; \
    case "${TARGETARCH:-$(uname -m)}" in \
      amd64 | x86_64) classifier=linux-x86_64 ;; \
      arm64 | aarch64) classifier=linux-aarch64 ;; \
      *) echo "the engine's native code is there for amd64 and arm64, not for $TARGETARCH" >&2; exit 1 ;; \
    esac; \
    if [ -n "${JAR:-}" ]; then \
      cp "$JAR" /telltale.jar; \
    else \
      rm -f target/*.jar; \
      MAVEN_USER_HOME=/maven ./mvnw -B -ntp -q package -Dmaven.repo.local=/maven/repository -Dmaven.test.skip -Dspotless.check.skip -Dpytorch-native.classifier="$classifier"; \
      cp target/telltale-*.jar /telltale.jar; \
    fi; \
    jar --list --file /telltale.jar | grep -q "BOOT-INF/lib/pytorch-native-cpu-.*-$classifier.jar" \
      || { echo "$JAR was packed for another processor than $classifier" >&2; exit 1; }

# What the image is made of: a Java runtime of the modules that are needed, the service unpacked, its native code unpacked and
# without the names of inner functions, and the cache of classes.
FROM ${JDK} AS parts
RUN { strip --version && curl --version; } > /dev/null 2>&1 \
    || { apt-get update && apt-get install -y --no-install-recommends binutils curl; }
RUN jlink --output /opt/jre --no-header-files --no-man-pages --compress=zip-6 --add-modules \
      java.se,jdk.charsets,jdk.crypto.cryptoki,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs \
    && strip --strip-unneeded /opt/jre/lib/server/libjvm.so
COPY --from=jar /telltale.jar /telltale.jar
COPY container/UnpackEngine.java /container/
WORKDIR /opt/telltale
RUN set -eu; \
    java -Djarmode=tools -jar /telltale.jar extract --destination . > /dev/null; \
    jar --extract --file telltale.jar META-INF/sbom/application.cdx.json; \
    mv META-INF/sbom/application.cdx.json sbom.cdx.json; \
    rm -r META-INF; \
    java -cp 'lib/*' /container/UnpackEngine.java native; \
    processor=$(uname -m); \
    (cd native; \
      jar --extract --file "$(ls ../lib/sqlite-jdbc-*.jar)" "org/sqlite/native/Linux/$processor/libsqlitejdbc.so"; \
      jar --extract --file "$(ls ../lib/jna-*.jar)" "com/sun/jna/linux-$(echo "$processor" | tr _ -)/libjnidispatch.so"; \
      jar --extract --file "$(ls ../lib/snappy-java-*.jar)" "org/xerial/snappy/native/Linux/$processor/libsnappyjava.so"; \
      jar --extract --file "$(ls ../lib/zstd-jni-*.jar)" "linux/$(echo "$processor" | sed s/x86_64/amd64/)"; \
      mv linux/*/libzstd-jni-*.so libzstd-jni.so; \
      find org com -name '*.so' -exec mv {} . \; ; \
      rm -r org com linux; \
      strip --strip-unneeded *.so pytorch/*/*.so); \
    # Of the jars that it came in all else is left, such as the pages that name its version. LZ4 is there in Java, too.
    for jar in lib/pytorch-native-cpu-*.jar lib/pytorch-jni-*.jar lib/sqlite-jdbc-*.jar lib/jna-5*.jar \
        lib/snappy-java-*.jar lib/zstd-jni-*.jar lib/lz4-java-*.jar; do \
      mkdir /rest; \
      (cd /rest; \
        jar --extract --file "/opt/telltale/$jar"; \
        find . -type f '(' -name '*.so*' -o -name '*.dll*' -o -name '*.dylib*' -o -name '*.jnilib' -o -name '*.a' ')' -delete); \
      jar --create --no-manifest --date=2026-01-01T00:00:00Z --file "$jar" -C /rest .; \
      rm -r /rest; \
    done; \
    # The cache of classes knows the files it was made from by their size and time.
    find /opt/jre /opt/telltale -exec touch --no-dereference --date=2026-01-01T00:00:00Z {} +; \
    chmod -R a=rX /opt/jre /opt/telltale
COPY container/jvm.options ./
COPY container/rehearse /container/
RUN /container/rehearse /opt/telltale && chmod a=r telltale.aot

# The base with fonts for plots as PNG, and without what installs, and what converts between character sets.
FROM ${BASE} AS root
RUN apt-get update \
    && apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core \
    && dpkg --purge --force-remove-essential --force-depends apt $(dpkg-query --show --showformat '${Package} ' 'libapt-pkg*') perl-base \
    && rm -rf /var/lib/apt /var/cache/* /var/log/* /usr/lib/*/gconv \
    && install -d -o 10001 -g 10001 -m 0700 /data

FROM scratch
COPY --from=root / /

# From what hardly ever changes to what each version changes, so that an update fetches little.
COPY --from=parts /opt/jre /opt/jre
COPY --from=parts /opt/telltale/native /opt/telltale/native
COPY --from=parts /opt/telltale/lib /opt/telltale/lib
COPY --from=parts /opt/telltale/jvm.options /opt/telltale/sbom.cdx.json /opt/telltale/telltale.jar /opt/telltale/
COPY LICENSE NOTICE /opt/telltale/
COPY --from=parts /opt/telltale/telltale.aot /opt/telltale/

# A container is reached from outside of it, so it needs a key or an issuer of tokens to start. The data lies one folder below the
# mounted one, which may belong to somebody else who lets the service write there.
ENV SERVER_ADDRESS=0.0.0.0 \
    TELLTALE_DATA_DIR=/data/telltale \
    TELLTALE_TORCH_LIBRARY_DIR=/opt/telltale/native \
    DJL_OFFLINE=true \
    OPT_OUT_TRACKING=true \
    MALLOC_ARENA_MAX=2
USER 10001:10001
WORKDIR /tmp
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["/opt/jre/bin/java", "-XX:AOTCache=/opt/telltale/telltale.aot", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m", "-Xlog:disable", "-XX:-UsePerfData", "-jar", "/opt/telltale/telltale.jar", "health"]
ENTRYPOINT ["/opt/jre/bin/java", "@/opt/telltale/jvm.options", "-jar", "/opt/telltale/telltale.jar"]

ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Telltale" \
      org.opencontainers.image.description="Learns what normal telemetry looks like and says when new data does not fit" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
