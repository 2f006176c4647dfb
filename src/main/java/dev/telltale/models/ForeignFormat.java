package dev.telltale.models;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// Files that hold models of others, or archives, known by their first bytes alone. Some of them run code when
/// they are read, so none is read any further.
enum ForeignFormat {
    ZIP("a zip archive, as PyTorch's .pt and .pth, TorchScript and Keras are", "504b0304", "504b0506", "504b0708"),
    PICKLE("a Python pickle, as .pkl, .bin and older .pt are", "8002", "8003", "8004", "8005"),
    GZIP("a gzip archive", "1f8b"),
    BZIP2("a bzip2 archive", "425a68"),
    XZ("an xz archive", "fd377a585a00"),
    ZSTD("a zstd archive", "28b52ffd"),
    SEVEN_ZIP("a 7z archive", "377abcaf271c"),
    HDF5("an HDF5 file, as Keras' .h5 is", "894844460d0a1a0a"),
    GGUF("a GGUF file", "47475546"),
    NUMPY("a NumPy array", "934e554d5059"),
    TAR("a tar archive") {

        @Override
        boolean begins(byte[] beginning) {
            byte[] mark = "ustar".getBytes(StandardCharsets.US_ASCII);
            return beginning.length >= TAR_MARK + mark.length
                    && Arrays.equals(beginning, TAR_MARK, TAR_MARK + mark.length, mark, 0, mark.length);
        }
    },
    /// The oldest pickles are text: a global's module and name, or a mark and what it opens.
    TEXT_PICKLE("a Python pickle, as .pkl and .bin are, or a text that begins like one") {

        @Override
        boolean begins(byte[] beginning) {
            String text = new String(beginning, StandardCharsets.ISO_8859_1);
            return text.matches("(?s)(c[A-Za-z_][A-Za-z0-9_.]*\n[A-Za-z_].*|\\([dilt][^\\x00]*)");
        }
    };

    /// How many bytes of a file are needed to know its format.
    static final int LOOKED_AT = 512;

    private static final int TAR_MARK = 257;
    /// The header of a safetensors file begins with a brace, and the length of one that is read here fits three bytes.
    private static final int ZEROS_FROM = 3;

    private final String words;
    /// In hexadecimal digits, apart by blanks.
    private final String beginnings;

    ForeignFormat(String words, String... beginnings) {
        this.words = words;
        this.beginnings = String.join(" ", beginnings);
    }

    /// The format of a file that begins so; empty if it may be safetensors or is nothing known.
    static Optional<ForeignFormat> of(byte[] beginning) {
        if (mayBeSafetensors(beginning)) {
            return Optional.empty(); // the length of its header may be any bytes
        }
        return Arrays.stream(values())
                .filter(format -> format.begins(beginning))
                .findFirst();
    }

    boolean begins(byte[] beginning) {
        String digits = HexFormat.of().formatHex(beginning);
        return Arrays.stream(beginnings.split(" ", -1)).anyMatch(digits::startsWith);
    }

    private static boolean mayBeSafetensors(byte[] beginning) {
        if (beginning.length <= Long.BYTES || beginning[Long.BYTES] != '{') {
            return false;
        }
        for (int i = ZEROS_FROM; i < Long.BYTES; i++) {
            if (beginning[i] != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return words;
    }
}
