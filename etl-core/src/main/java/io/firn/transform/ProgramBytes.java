package io.firn.transform;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.UncheckedIOException;

/** Java serialisation that finds the classes of user jars, which only the context class loader knows. */
final class ProgramBytes {
    private ProgramBytes() {}

    static byte[] write(RowProgram.Code code) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(code);
        } catch (IOException e) {
            throw new TransformException(
                    "an expression cannot be sent to the executors (" + e + "); a user function must be serializable,"
                            + " with all that it captures",
                    e);
        }
        return bytes.toByteArray();
    }

    static RowProgram.Code read(byte[] bytes) {
        try (ObjectInputStream in = new ContextInput(new ByteArrayInputStream(bytes))) {
            return (RowProgram.Code) in.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "class " + e.getMessage() + " is not on this executor; pass the jar of user functions with --jars",
                    e);
        }
    }

    private static final class ContextInput extends ObjectInputStream {
        private ContextInput(InputStream in) throws IOException {
            super(in);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass type) throws IOException, ClassNotFoundException {
            ClassLoader context = Thread.currentThread().getContextClassLoader();
            if (context != null) {
                try {
                    return Class.forName(type.getName(), false, context);
                } catch (ClassNotFoundException e) {
                    return super.resolveClass(type);
                }
            }
            return super.resolveClass(type);
        }
    }
}
