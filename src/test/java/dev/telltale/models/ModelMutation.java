package dev.telltale.models;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// A way in which the files of a saved model come to hold something else, by decay or by somebody's hand.
enum ModelMutation {
    FLIPPED_BIT {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            return sound.withModel(flipped(sound.model(), random));
        }
    },
    FLIPPED_BIT_OF_THE_HEADER {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            byte[] bytes = sound.model().clone();
            bytes[random.nextInt(Long.BYTES + headerLength(bytes))] ^= (byte) (1 << random.nextInt(8));
            return sound.withModel(bytes);
        }
    },
    FLIPPED_BIT_OF_THE_SIGNATURE {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            return sound.withSignature(flipped(sound.signature(), random));
        }
    },
    TRUNCATED {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            return sound.withModel(Arrays.copyOf(sound.model(), random.nextInt(sound.model().length)));
        }
    },
    TRUNCATED_SIGNATURE {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            return sound.withSignature(Arrays.copyOf(sound.signature(), random.nextInt(sound.signature().length)));
        }
    },
    EXTENDED {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            byte[] longer = Arrays.copyOf(sound.model(), sound.model().length + 1 + random.nextInt(PAGE));
            if (random.nextBoolean()) { // a shorter one whose end was another's
                random.nextBytes(longer);
                System.arraycopy(sound.model(), 0, longer, 0, sound.model().length);
            }
            return sound.withModel(longer);
        }
    },
    ZEROED_PAGE {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            byte[] bytes = sound.model().clone();
            int page = PAGE * random.nextInt((bytes.length + PAGE - 1) / PAGE);
            Arrays.fill(bytes, page, Math.min(page + PAGE, bytes.length), (byte) 0);
            return sound.withModel(bytes);
        }
    },
    /// A disk sector that was written to another's place.
    MISPLACED_SECTOR {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            byte[] bytes = sound.model().clone();
            int from = SECTOR * random.nextInt(bytes.length / SECTOR);
            int to = SECTOR * random.nextInt(bytes.length / SECTOR);
            System.arraycopy(sound.model(), from, bytes, to, SECTOR);
            return sound.withModel(bytes);
        }
    },
    FORGED_HEADER_LENGTH {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            long length = switch (random.nextInt(4)) {
                case 0 -> random.nextLong();
                case 1 -> Integer.MAX_VALUE - (long) random.nextInt(16);
                case 2 -> -random.nextInt(1, 1000);
                default -> random.nextInt(2 * sound.model().length);
            };
            byte[] bytes = sound.model().clone();
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
            return sound.withModel(bytes);
        }
    },
    FORGED_SHAPE {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            return edited(sound, "\"shape\":\\[[0-9,]*]", random, found -> "\"shape\":" + numbers(random));
        }
    },
    FORGED_TYPE {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            List<String> types = List.of("F64", "F16", "BF16", "I64", "U8", "BOOL", "f32", "", "F32 ");
            return edited(sound, "\"F32\"", random, found -> "\"" + types.get(random.nextInt(types.size())) + "\"");
        }
    },
    /// A hole before a tensor, one tensor over another, or one beyond the end.
    FORGED_OFFSETS {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            return edited(
                    sound, "\"data_offsets\":\\[[0-9,]*]", random, found -> "\"data_offsets\":" + numbers(random));
        }
    },
    FORGED_NAME {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            List<String> names =
                    List.of("encoder.9.linear.bias", "decoder.0.linear.bias", "partner.points", "", "../x");
            return edited(
                    sound,
                    "\"(en|de)coder[.][a-z0-9.]*\"",
                    random,
                    found -> "\"" + names.get(random.nextInt(names.size())) + "\"");
        }
    },
    /// With the hash that belongs to it.
    OTHER_FORMAT_VERSION {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            int version = Manifest.FORMAT_VERSION + 1 + random.nextInt(1_000);
            return rehashed(edited(
                    sound,
                    "\\\\\"formatVersion\\\\\":" + Manifest.FORMAT_VERSION,
                    random,
                    found -> "\\\"formatVersion\\\":" + version));
        }
    },
    TENSORS_OF_ANOTHER_MODEL {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            byte[] bytes = sound.model().clone();
            byte[] source = random.nextBoolean() ? older.model() : other.model();
            int tensors = bytes.length - Long.BYTES - headerLength(bytes);
            System.arraycopy(source, source.length - tensors, bytes, bytes.length - tensors, tensors);
            return sound.withModel(bytes);
        }
    },
    FILE_OF_ANOTHER_MODEL(false) {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            return sound.withModel(random.nextBoolean() ? older.model() : other.model());
        }
    },
    SIGNATURE_OF_ANOTHER_MODEL(false) {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            return sound.withSignature(random.nextBoolean() ? older.signature() : other.signature());
        }
    },
    BOTH_OF_ANOTHER_MODEL(false) {
        @Override
        Saved of(Saved sound, Saved older, Saved other, Random random) {
            return random.nextBoolean() ? older : other;
        }
    };

    private static final int PAGE = 4_096;
    private static final int SECTOR = 512;
    private static final JsonMapper JSON = new JsonMapper();

    private final boolean isSeenInTheFileAlone;

    ModelMutation() {
        this(true);
    }

    ModelMutation(boolean isSeenInTheFileAlone) {
        this.isSeenInTheFileAlone = isSeenInTheFileAlone;
    }

    /// The two files of a version, which the record owns.
    ///
    /// @param model the file of the network
    /// @param signature beside it
    @SuppressWarnings("ArrayRecordComponent")
    record Saved(byte[] model, byte[] signature) {

        Saved withModel(byte[] changed) {
            return new Saved(changed, signature);
        }

        Saved withSignature(byte[] changed) {
            return new Saved(model, changed);
        }

        boolean isAs(Saved other) {
            return Arrays.equals(model, other.model) && Arrays.equals(signature, other.signature);
        }
    }

    /// The files after it; by chance they may be as they were.
    ///
    /// @param older a version before of the same model
    /// @param other a model of the same architecture
    abstract Saved of(Saved sound, Saved older, Saved other, Random random);

    /// Whether the file of the network alone shows it, without the row and the signature that it belongs to.
    boolean isSeenInTheFileAlone() {
        return isSeenInTheFileAlone && this != FLIPPED_BIT_OF_THE_SIGNATURE && this != TRUNCATED_SIGNATURE;
    }

    private static byte[] flipped(byte[] sound, Random random) {
        byte[] bytes = sound.clone();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return bytes;
    }

    private static int headerLength(byte[] model) {
        return (int) ByteBuffer.wrap(model).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    }

    /// Up to three numbers as no file of ours has them: small, beyond the file, beyond memory, beyond an integer.
    private static String numbers(Random random) {
        StringBuilder numbers = new StringBuilder("[");
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            numbers.append(i == 0 ? "" : ",")
                    .append(
                            switch (random.nextInt(5)) {
                                case 0 -> random.nextInt(64);
                                case 1 -> Integer.MAX_VALUE - random.nextInt(4);
                                case 2 -> Long.MAX_VALUE - random.nextInt(4);
                                case 3 -> -random.nextInt(64);
                                default -> random.nextInt(100_000);
                            });
        }
        return numbers.append(']').toString();
    }

    @FunctionalInterface
    private interface Edit {
        String instead(String found);
    }

    /// One of the places in the header that look so, written anew; the header's length is that of the new one.
    private static Saved edited(Saved sound, String pattern, Random random, Edit edit) {
        byte[] model = sound.model();
        String header = new String(model, Long.BYTES, headerLength(model), StandardCharsets.UTF_8);
        List<MatchResult> places =
                Pattern.compile(pattern).matcher(header).results().toList();
        MatchResult place = places.get(random.nextInt(places.size()));
        return sound.withModel(with(
                model,
                header.substring(0, place.start()) + edit.instead(place.group()) + header.substring(place.end())));
    }

    private static byte[] with(byte[] model, String header) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        int tensors = Long.BYTES + headerLength(model);
        return ByteBuffer.allocate(Long.BYTES + text.length + model.length - tensors)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(model, tensors, model.length - tensors)
                .array();
    }

    /// With the hash that fits, as somebody would write it who knows the format.
    private static Saved rehashed(Saved changed) {
        byte[] model = changed.model();
        String header = new String(model, Long.BYTES, headerLength(model), StandardCharsets.UTF_8);
        try {
            var metadata = JSON.readTree(header).get("__metadata__");
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(metadata.get("manifest").asString().getBytes(StandardCharsets.UTF_8));
            int tensors = Long.BYTES + headerLength(model);
            digest.update(model, tensors, model.length - tensors);
            String hash = HexFormat.of().formatHex(digest.digest());
            return changed.withModel(
                    with(model, header.replace(metadata.get("sha256").asString(), hash)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
