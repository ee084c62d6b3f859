package io.firn.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/**
 * Everything that lies in a folder of a lake, read without Iceberg and Firn: rows and footers of Parquet, records of Avro
 * (manifests with their bounds), and the bytes of all files as they are.
 *
 * @param found what of a pattern stands in any of them, with the kinds of files
 * @param rows rows of Parquet that were read
 */
record LakeFiles(Set<String> found, long rows, int parquet, int avro) {

    static LakeFiles read(Path folder, Pattern pattern) {
        return read(folder, pattern, file -> true);
    }

    static LakeFiles read(Path folder, Pattern pattern, Predicate<Path> which) {
        Reading reading = new Reading(pattern);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).filter(which).toList()) {
                reading.file(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new LakeFiles(reading.found, reading.rows, reading.parquet, reading.avro);
    }

    private static final class Reading {
        private final Pattern pattern;
        private final Set<String> found = new TreeSet<>();
        private long rows;
        private int parquet;
        private int avro;

        Reading(Pattern pattern) {
            this.pattern = pattern;
        }

        void file(Path file) throws IOException {
            String name = file.toString();
            look(
                    "bytes of " + name.replaceFirst(".*\\.", "."),
                    new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            look("name", name);
            if (name.endsWith(".parquet")) {
                parquet++;
                parquet(file);
            } else if (name.endsWith(".avro")) {
                avro++;
                avro(file);
            }
        }

        private void parquet(Path file) throws IOException {
            org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
            try (ParquetFileReader footer =
                    ParquetFileReader.open(HadoopInputFile.fromPath(path, new Configuration()))) {
                look("footer", footer.getFooter().toString());
                footer.getRowGroups().forEach(group -> group.getColumns()
                        .forEach(column -> look("statistics", String.valueOf(column.getStatistics()))));
            }
            try (ParquetReader<Group> reader =
                    ParquetReader.builder(new GroupReadSupport(), path).build()) {
                for (Group row = reader.read(); row != null; row = reader.read()) {
                    rows++;
                    look("row", text(row));
                }
            }
        }

        /** Binary values in full. */
        private static String text(Group row) {
            StringBuilder text = new StringBuilder();
            for (int field = 0; field < row.getType().getFieldCount(); field++) {
                for (int i = 0; i < row.getFieldRepetitionCount(field); i++) {
                    if (!row.getType().getType(field).isPrimitive()) {
                        text.append(text(row.getGroup(field, i)));
                    } else if (row.getType().getType(field).asPrimitiveType().getPrimitiveTypeName().javaType
                            == org.apache.parquet.io.api.Binary.class) {
                        text.append(new String(row.getBinary(field, i).getBytes(), StandardCharsets.UTF_8));
                    } else {
                        text.append(row.getValueToString(field, i));
                    }
                    text.append('\n');
                }
            }
            return text.toString();
        }

        private void avro(Path file) throws IOException {
            try (DataFileReader<GenericRecord> reader =
                    new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
                while (reader.hasNext()) {
                    look("manifest", reader.next().toString());
                }
            }
        }

        private void look(String where, String text) {
            Matcher matcher = pattern.matcher(text);
            while (matcher.find()) {
                found.add(matcher.group() + " in " + where);
            }
        }
    }
}
