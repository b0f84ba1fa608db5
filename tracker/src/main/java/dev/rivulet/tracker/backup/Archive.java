package dev.rivulet.tracker.backup;

import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.keys.PrivateFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A backup, which is a ZIP file: {@value #LABEL} says what it is, then come the files of the data directory, and last
 * {@value #SUMS} names them all with their SHA-256, as {@code sha256sum --check} reads it.
 */
final class Archive implements AutoCloseable {
    static final String LABEL = "rivulet-tracker-backup";
    static final String SUMS = "SHA256SUMS";

    /** What archives of this form begin their label with. */
    private static final String FORMAT = "format 1\n";

    /** Of {@value #SUMS} and {@value #LABEL}; thousands of files have room. */
    private static final int MAX_TEXT_BYTES = 1024 * 1024;

    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9][\\w.-]*(/[A-Za-z0-9][\\w.-]*)*");
    private static final Pattern SUM = Pattern.compile("([0-9a-f]{64})  (.+)");

    private final Path file;
    private final ZipFile zip;
    private final Map<String, String> sums = new TreeMap<>();

    private Archive(Path file, ZipFile zip) {
        this.file = file;
        this.zip = zip;
    }

    /** Writes the whole archive, readable by its owner only, or nothing. */
    static void write(Path target, String label, Map<String, Path> files) throws IOException {
        PrivateFile.write(target, out -> {
            StringBuilder sums = new StringBuilder();
            ZipOutputStream zip = new ZipOutputStream(out);
            try (InputStream text = stream(FORMAT + label)) {
                sums.append(add(zip, LABEL, text));
            }
            for (Map.Entry<String, Path> each : files.entrySet()) {
                try (InputStream content = Files.newInputStream(each.getValue())) {
                    sums.append(add(zip, each.getKey(), content));
                }
            }
            zip.putNextEntry(new ZipEntry(SUMS));
            zip.write(sums.toString().getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
            zip.finish();
        });
    }

    /** Whether a file of this path can be in an archive. */
    static boolean takes(String path) {
        return PATH.matcher(path).matches();
    }

    /** Opens an archive and reads all of it; throws {@link ConfigException} unless it is whole and as it was written. */
    static Archive open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new ConfigException("backup", file.toString(), "is no file; name one that `backup` wrote");
        }
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (IOException e) {
            throw damaged(file, String.valueOf(e.getMessage()));
        }
        Archive archive = new Archive(file, zip);
        try {
            archive.check();
            return archive;
        } catch (IOException e) {
            zip.close();
            throw damaged(file, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    /** Writes all files below {@code directory}, readable by their owner only. */
    void extract(Path directory) throws IOException {
        for (String path : sums.keySet()) {
            if (!path.equals(LABEL)) {
                PrivateFile.write(directory.resolve(path), out -> copy(path, out));
            }
        }
    }

    private void check() throws IOException {
        readSums();
        Set<String> present = new HashSet<>();
        zip.stream().map(ZipEntry::getName).forEach(present::add);
        present.remove(SUMS);
        if (!present.equals(sums.keySet())) {
            throw damaged(file, "it does not hold what it lists");
        }
        if (!sums.containsKey(LABEL) || !text(LABEL).startsWith(FORMAT)) {
            throw new ConfigException(
                    "backup", file.toString(), "was written by another version; restore it with that one");
        }
        if (!sums.containsKey(DataFiles.DATABASE)) {
            throw damaged(file, "it holds no database");
        }
        for (Map.Entry<String, String> each : sums.entrySet()) {
            DigestOutputStream digest = new DigestOutputStream(OutputStream.nullOutputStream(), sha256());
            copy(each.getKey(), digest);
            if (!hex(digest.getMessageDigest()).equals(each.getValue())) {
                throw damaged(file, each.getKey() + " is not what was written");
            }
        }
    }

    private void readSums() throws IOException {
        for (String line : text(SUMS).lines().toList()) {
            var matcher = SUM.matcher(line);
            // Paths lead to below the directory that is restored, whoever made the archive.
            if (!matcher.matches() || !takes(matcher.group(2))) {
                throw damaged(file, "its list cannot be read");
            }
            sums.put(matcher.group(2), matcher.group(1));
        }
    }

    private String text(String path) throws IOException {
        try (InputStream in = entry(path)) {
            return new String(in.readNBytes(MAX_TEXT_BYTES), StandardCharsets.UTF_8);
        }
    }

    private void copy(String path, OutputStream out) throws IOException {
        try (InputStream in = entry(path)) {
            in.transferTo(out);
        }
    }

    private InputStream entry(String path) throws IOException {
        ZipEntry entry = zip.getEntry(path);
        if (entry == null) {
            throw new IOException("it lacks " + path);
        }
        return zip.getInputStream(entry);
    }

    /** The line of the sums. */
    private static String add(ZipOutputStream zip, String path, InputStream content) throws IOException {
        zip.putNextEntry(new ZipEntry(path));
        DigestOutputStream digest = new DigestOutputStream(zip, sha256());
        content.transferTo(digest);
        zip.closeEntry();
        return hex(digest.getMessageDigest()) + "  " + path + "\n";
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static ConfigException damaged(Path file, String reason) {
        return new ConfigException(
                "backup",
                file.toString(),
                "is no whole backup (" + reason + "), so nothing was changed; take another copy of it");
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
