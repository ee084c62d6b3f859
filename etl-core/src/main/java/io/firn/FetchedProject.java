package io.firn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RemoteIterator;

import io.firn.source.JsonDump;
import io.firn.table.CatalogDefinition;

/** The YAML files of a project that lies on S3, or elsewhere, copied to this machine for as long as a command runs. */
public final class FetchedProject implements AutoCloseable {
    private static final long LARGEST = 10_000_000;
    private static final int MOST_FILES = 10_000;

    private final String uri;
    private final Path folder;

    private FetchedProject(String uri, Path folder) {
        this.uri = uri;
        this.folder = folder;
    }

    /** Copies YAML and schema files of a folder, s3://bucket/project/; throws FirnException when there are none. */
    public static FetchedProject of(String uri) {
        org.apache.hadoop.fs.Path from = new org.apache.hadoop.fs.Path(uri);
        try {
            FetchedProject project = new FetchedProject(uri, Files.createTempDirectory("firn-project-"));
            if (project.copy(from.getFileSystem(Session.hadoop()), from) == 0) {
                project.close();
                throw new FirnException(ExitCode.USAGE, "there are no YAML files in the project " + uri);
            }
            return project;
        } catch (IOException e) {
            throw new FirnException(
                    ExitCode.SOURCE_NOT_READY,
                    "the project " + uri + " cannot be read: " + e.getMessage()
                            + ". firn doctor --project tells which right is missing");
        }
    }

    /** Where the copy lies. */
    public Path folder() {
        return folder;
    }

    /** Throws FirnException where a catalog would lie in the copy, which is gone when the command ends. */
    public void check(Project project) {
        project.catalogs().forEach((name, catalog) -> {
            refuse(catalog.warehouse(), "catalog " + name + ": its warehouse");
            refuse(catalog.state(), "catalog " + name + ": its state");
            if (catalog.type() == CatalogDefinition.Type.JDBC && catalog.uri() != null) {
                refuse(catalog.uri().replaceFirst("^jdbc:sqlite:", ""), "catalog " + name + ": its uri");
            }
        });
    }

    /** The same for where a dump lies. */
    public void check(Pipeline pipeline) {
        if (pipeline.source() instanceof JsonDump dump) {
            refuse(dump.path(), "source: its path");
        }
    }

    private void refuse(String location, String what) {
        if (location != null && location.startsWith(folder.toString())) {
            throw new FirnException(
                    ExitCode.USAGE,
                    what + " is relative, and the project " + uri + " is only read from there. Write a whole address,"
                            + " such as s3://bucket/warehouse, or choose the profile that does (--profile)");
        }
    }

    private int copy(FileSystem files, org.apache.hadoop.fs.Path from) throws IOException {
        int copied = 0;
        String root = files.makeQualified(from).toUri().getPath().replaceAll("/+$", "") + "/";
        RemoteIterator<org.apache.hadoop.fs.LocatedFileStatus> found = files.listFiles(from, true);
        while (found.hasNext()) {
            FileStatus file = found.next();
            String path = file.getPath().toUri().getPath();
            String name = path.startsWith(root)
                    ? path.substring(root.length())
                    : file.getPath().getName();
            if (!name.matches("(?:[^./][^/]*/)*[^./][^/]*\\.(?:ya?ml|json|avsc)") || file.getLen() > LARGEST) {
                continue;
            }
            if (++copied > MOST_FILES) {
                throw new FirnException(
                        ExitCode.USAGE,
                        "the project " + uri + " has more than " + MOST_FILES + " YAML and schema files;"
                                + " name the folder that holds firn.yaml");
            }
            Path to = folder.resolve(Paths.get(name)).normalize();
            Files.createDirectories(Objects.requireNonNull(to.getParent()));
            try (InputStream in = files.open(file.getPath())) {
                Files.copy(in, to);
            }
        }
        return copied;
    }

    @Override
    public void close() {
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
