package io.firn.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.Catalogs;
import io.firn.DeclaredTable;
import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.LoadedTables;
import io.firn.Project;
import io.firn.Session;
import io.firn.config.Overrides;
import io.firn.init.TableYaml;
import io.firn.table.SqlDialect;
import io.firn.table.TableDefinition;
import io.firn.table.TableName;

@Command(
        name = "ddl",
        description = {
            "Print the SQL that creates the tables under ddl/, or write it beside them.",
            "With --import: write the definition of a table that exists."
        })
final class DdlCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(
            arity = "0..*",
            paramLabel = "TABLE",
            description = "Tables, as namespace.table, or files or folders of ddl/ (default: all).")
    private List<String> which = List.of();

    @Option(names = "--dialect", paramLabel = "spark|athena", description = "Whose SQL (default: spark).")
    private SqlDialect dialect;

    @Option(
            names = "--write",
            description = "Write <table>.spark.sql and <table>.athena.sql beside each definition, or the one chosen.")
    private boolean write;

    @Option(
            names = "--import",
            paramLabel = "TABLE",
            description = "Write the definition of this table, catalog.namespace.table, into ddl/.")
    private TableName imported;

    @Option(names = "--force", description = "With --import: overwrite a definition that is there.")
    private boolean force;

    /** One table's SQL, for {@code --output json}. */
    record Sql(String table, String dialect, String sql) {}

    @Override
    public Integer call() {
        if (imported != null) {
            return importTable();
        }
        LoadedTables tables =
                LoadedTables.load(firn.shared().folder(), firn.shared().overrides(), which);
        Console console = firn.shared().console();
        if (write) {
            List<Path> written = new ArrayList<>();
            tables.tables().forEach(table -> dialects().forEach(each -> written.add(write(table, each))));
            console.result(
                    written.stream().map(Path::toString).toList(),
                    written.stream().map(Path::toString).collect(Collectors.joining("\n")));
            return ExitCode.OK.code();
        }
        SqlDialect chosen = dialect == null ? SqlDialect.SPARK : dialect;
        List<Sql> sql = tables.tables().stream()
                .map(DeclaredTable::definition)
                .map(table -> new Sql(table.table().text(), name(chosen), chosen.create(table)))
                .toList();
        console.result(sql, sql.stream().map(Sql::sql).collect(Collectors.joining("\n")));
        return ExitCode.OK.code();
    }

    private int importTable() {
        Overrides overrides = firn.shared().overrides();
        Path file = LoadedTables.file(imported, firn.shared().folder(), overrides);
        if (Files.exists(file) && !force) {
            throw new FirnException(ExitCode.USAGE, file + " exists; overwrite it with --force");
        }
        Project project = firn.shared().project();
        TableDefinition definition;
        try (Catalogs catalogs = new Catalogs(project, Session.hadoop())) {
            // Found first: a catalog that is not there is not made to look for a table in it.
            Lake.table(catalogs, imported);
            definition = catalogs.of(imported).definition(imported).orElseThrow();
        }
        write(file, TableYaml.of(definition, InitCommand.schema(file, "table.schema.json")));
        firn.shared()
                .console()
                .result(
                        List.of(file.toString()),
                        file
                                + ": %,d columns%nNext: look it over, then%n  firn plan %s"
                                        .formatted(definition.columns().size(), file));
        return ExitCode.OK.code();
    }

    private List<SqlDialect> dialects() {
        return dialect == null ? Arrays.asList(SqlDialect.values()) : List.of(dialect);
    }

    private static Path write(DeclaredTable table, SqlDialect dialect) {
        String name = table.file().getFileName().toString().replaceFirst("\\.yaml$", "");
        Path file = table.file().resolveSibling(name + "." + name(dialect) + ".sql");
        write(file, dialect.create(table.definition()));
        return file;
    }

    private static String name(SqlDialect dialect) {
        return dialect.name().toLowerCase(Locale.ROOT);
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
