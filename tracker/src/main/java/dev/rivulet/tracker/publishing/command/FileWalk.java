package dev.rivulet.tracker.publishing.command;

import dev.rivulet.protocol.Limits;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Finds the files below a directory that can be published. Names that begin with a dot are passed over silently; a
 * symbolic link is followed to a file within the directory, and nowhere else.
 */
final class FileWalk extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Path realRoot;
    private final List<LocalFile> files = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private final List<Path> directories = new ArrayList<>();

    private FileWalk(Path root) throws IOException {
        this.root = root;
        this.realRoot = root.toRealPath();
    }

    /**
     * What was found, in the order of names.
     *
     * @param skipped what cannot be published, and why
     * @param directories where was looked, the root included
     */
    record Found(List<LocalFile> files, List<Skipped> skipped, List<Path> directories) {
        Found {
            files = List.copyOf(files);
            skipped = List.copyOf(skipped);
            directories = List.copyOf(directories);
        }
    }

    /** A file that is not published. */
    record Skipped(String name, String reason) {}

    /** Walks through everything below {@code root}. */
    static Found in(Path root) throws IOException {
        FileWalk walk = new FileWalk(root);
        Files.walkFileTree(root, walk);
        walk.files.sort(Comparator.comparing(LocalFile::name));
        return new Found(walk.files, walk.skipped, walk.directories);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        if (!directory.equals(root) && isHidden(directory)) {
            return FileVisitResult.SKIP_SUBTREE;
        }
        directories.add(directory);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (isHidden(file)) {
            return FileVisitResult.CONTINUE;
        }
        if (attributes.isSymbolicLink()) {
            visitLink(file);
        } else {
            take(file, attributes);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        if (!(e instanceof NoSuchFileException) || file.equals(root)) {
            skip(file, "cannot be read (" + e + ")");
        }
        return FileVisitResult.CONTINUE;
    }

    private void visitLink(Path link) throws IOException {
        if (!Files.exists(link)) {
            skip(link, "a link to nothing");
        } else if (!link.toRealPath().startsWith(realRoot)) {
            skip(link, "a link out of the directory");
        } else if (Files.isDirectory(link)) {
            skip(link, "a link to a directory");
        } else {
            take(link, Files.readAttributes(link, BasicFileAttributes.class));
        }
    }

    private void take(Path file, BasicFileAttributes attributes) {
        if (!attributes.isRegularFile()) {
            skip(file, "not a regular file");
        } else if (attributes.size() == 0) {
            skip(file, "empty");
        } else if (attributes.size() > Limits.MAX_RESOURCE_BYTES) {
            skip(file, "longer than " + Limits.MAX_RESOURCE_BYTES + " bytes");
        } else {
            files.add(LocalFile.of(file, name(file), attributes));
        }
    }

    private void skip(Path file, String reason) {
        skipped.add(new Skipped(name(file), reason));
    }

    private String name(Path file) {
        return StreamSupport.stream(root.relativize(file).spliterator(), false)
                .map(Path::toString)
                .collect(Collectors.joining("/"));
    }

    private static boolean isHidden(Path file) {
        return file.getFileName() != null && file.getFileName().toString().startsWith(".");
    }
}
