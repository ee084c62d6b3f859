package io.firn.it;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import org.apache.spark.sql.UDFRegistration;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

import io.firn.function.SqlFunctions;

/**
 * A user's SQL function in a jar of its own: {@code stand_still(folder, value)} is true, but the first process of the folder
 * that is asked {@link #ROWS} times leaves its number there and never answers, so that it can be killed in the middle.
 */
public final class StandStill implements SqlFunctions {
    static final int ROWS = 30;

    private static final String FOUND = "standing";
    private static final AtomicInteger ASKED = new AtomicInteger();

    @Override
    public void register(UDFRegistration functions) {
        UDF2<String, Object, Boolean> standStill = (folder, value) -> answer(Path.of(folder));
        functions.register("stand_still", standStill, DataTypes.BooleanType);
    }

    private static boolean answer(Path folder) throws IOException, InterruptedException {
        Path armed = folder.resolve("armed");
        if (ASKED.incrementAndGet() >= ROWS
                && Files.exists(armed)
                && armed.toFile().delete()) {
            Path number = Files.writeString(
                    folder.resolve("number"), "" + ProcessHandle.current().pid());
            Files.move(number, folder.resolve(FOUND));
            new CountDownLatch(1).await();
        }
        return true;
    }

    /** Makes the next process of a folder stand still. */
    static void arm(Path folder) {
        try {
            Files.createFile(folder.resolve("armed"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process that stands still; null: none yet. */
    static Long standing(Path folder) {
        Path found = folder.resolve(FOUND);
        try {
            return Files.exists(found) ? Long.valueOf(Files.readString(found)) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jar for {@code --jars}. */
    static Path jar(Path folder) {
        Path jar = folder.resolve("stand-still.jar");
        String type = StandStill.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            out.putNextEntry(new JarEntry(type));
            try (var in = StandStill.class.getClassLoader().getResourceAsStream(type)) {
                in.transferTo(out);
            }
            out.putNextEntry(new JarEntry("META-INF/services/" + SqlFunctions.class.getName()));
            out.write(StandStill.class.getName().getBytes(StandardCharsets.UTF_8));
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
