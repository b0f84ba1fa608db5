package dev.rivulet.edge.setup;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.edge.config.SettingFlags;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/** Writes settings as the YAML file that is read again. */
public final class ConfigWriter {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private ConfigWriter() {}

    /** The YAML of these settings, by key, in the order in which they are documented. */
    public static String yaml(Map<String, String> settings) {
        StringBuilder yaml = new StringBuilder("# Made by rivulet-edge init; every setting: docs/configuration.md\n");
        for (RecordComponent component : EdgeSettings.class.getRecordComponents()) {
            String key = SettingFlags.keyOf(component);
            String value = settings.get(key);
            if (value != null) {
                // A JSON string is a YAML one; numbers and booleans stand for themselves.
                boolean plain = component.getType().isPrimitive();
                yaml.append(key)
                        .append(": ")
                        .append(plain ? value : TextNode.valueOf(value).toString())
                        .append('\n');
            }
        }
        return yaml.toString();
    }

    /** Writes a file that only its owner may read, whole or not at all; makes its directory if need be. */
    public static void write(Path file, String yaml) throws IOException {
        Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix ? new FileAttribute<?>[] {OWNER_ONLY} : new FileAttribute<?>[0];
        Path temporary = Files.createTempFile(directory, "edge", ".tmp", attributes);
        Files.writeString(temporary, yaml);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Gives what root made in a service's directory to the service. */
    public static void handOver(Path directory) throws IOException {
        var owner = Files.getOwner(directory);
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (!Files.getOwner(file).equals(owner)) {
                    Files.setOwner(file, owner);
                }
            }
        }
    }
}
