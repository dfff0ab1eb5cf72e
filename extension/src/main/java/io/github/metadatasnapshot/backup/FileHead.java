package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.metadatasnapshot.engine.Engine;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells by the first bytes of a file, decompressed, which engine it was written for, or that it is no dump. */
final class FileHead {

    static final int BYTES = 1 << 16;

    /** What the dump tools print as errors, and what shells print where a tool is missing. */
    static final Pattern TOOL_MESSAGE = Pattern.compile("^(\\S*(mysqldump|mariadb-dump|mysqlpump|pg_dump|pg_dumpall|"
            + "pg_restore)(\\.exe|\\.bin)?: .*|Warning: .*|Enter password: .*|Error response from daemon: .*"
            + "|(/bin/)?(ba|da)?sh: .*)");

    private static final Pattern HEADER = Pattern.compile(
            "^-- (?:(PostgreSQL) database (?:cluster )?dump|(?:MySQL|MariaDB) dump .*)", Pattern.MULTILINE);
    private static final Pattern MARIADB = Pattern.compile(
            "^/\\*M!|^-- MariaDB dump |^-- MySQL dump .*MariaDB|^-- Server version.*MariaDB", Pattern.MULTILINE);
    private static final Pattern POSTGRESQL_SIGN = Pattern.compile(
            "^(?:SET (?:statement_timeout|lock_timeout|client_encoding|standard_conforming_strings|search_path)\\b"
                    + "|SELECT pg_catalog\\.|COPY .* FROM stdin|\\\\(?:restrict|connect) "
                    + "|(?:CREATE TABLE|INSERT INTO) (?:\"[^\"]+\"|\\w+)\\.)",
            Pattern.MULTILINE);
    private static final Pattern MYSQL_SIGN = Pattern.compile(
            "^(?:/\\*M?!\\d{5}|(?:LOCK TABLES|INSERT\\s+(?:IGNORE )?INTO|REPLACE\\s+INTO|CREATE TABLE|USE"
                    + "|DROP TABLE(?: IF EXISTS)?|CREATE TABLE(?: IF NOT EXISTS)?) `)",
            Pattern.MULTILINE);
    private static final Pattern SQL = Pattern.compile(
            "(?:CREATE|INSERT|REPLACE|SET|DROP|ALTER|DELETE|TRUNCATE|UPDATE|BEGIN|START|SELECT|COPY|LOCK|USE|DO|--|/\\*"
                    + "|DELIMITER|COMMENT|GRANT|REVOKE|#)[^{}<>]*.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Map<String, String> OTHER_FORMATS = Map.of(
            "PK\u0003\u0004", "a ZIP archive: unpack it",
            "BZh", "compressed by bzip2, which is not read: compress it by gzip or zstd",
            "\u00fd7zXZ", "compressed by xz, which is not read: compress it by gzip or zstd",
            "\u0004\"M\u0018", "compressed by LZ4, which is not read: compress it by gzip or zstd",
            "7z\u00bc\u00af", "a 7-Zip archive: unpack it",
            "SQLite format 3", "an SQLite database",
            "version https://git-lfs", "a pointer of Git LFS, not the file itself: run git lfs pull",
            "\u00ff\u00fe",
                    "written in UTF-16, as PowerShell's > does: dump with --file (pg_dump) or --result-file"
                            + " (mysqldump, mariadb-dump) instead",
            "\u00fe\u00ff", "written in UTF-16: convert it to UTF-8");

    private final byte[] bytes;
    private final String text;

    FileHead(byte[] bytes) {
        this.bytes = bytes;
        this.text = new String(bytes, ISO_8859_1);
    }

    /**
     * Tells the engine.
     *
     * @param target the engine to take where the file does not say
     * @throws NotADumpException if the file is no dump
     */
    Engine writer(Engine target) throws NotADumpException {
        refuseOtherFormats();
        Matcher header = HEADER.matcher(text);
        boolean hasHeader = header.find();
        Matcher message = TOOL_MESSAGE.matcher(text);
        if (message.find()) {
            if (hasHeader) {
                throw new NotADumpException("begins with a message of the dump tool, '" + message.group()
                        + "'. It was written into the file by 2>&1, or by a container's terminal (docker run -t): dump"
                        + " without");
            }
            throw new NotADumpException("holds an error message instead of a dump, '" + message.group()
                    + "'. Dump again, and look at the exit" + " status of the dump tool");
        }
        if (hasHeader) {
            return header.group(1) != null ? Engine.POSTGRESQL : mySqlOrMariaDb(Engine.MYSQL);
        }
        if (POSTGRESQL_SIGN.matcher(text).find()) {
            return Engine.POSTGRESQL;
        }
        if (MYSQL_SIGN.matcher(text).find()) {
            return mySqlOrMariaDb(target.reads(Engine.MYSQL) ? target : Engine.MYSQL);
        }
        if (SQL.matcher(text.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading())
                .matches()) {
            return target;
        }
        throw noDump("begins with '" + beginning() + "'");
    }

    private Engine mySqlOrMariaDb(Engine otherwise) {
        return MARIADB.matcher(text).find() ? Engine.MARIADB : otherwise;
    }

    private void refuseOtherFormats() throws NotADumpException {
        if (text.isBlank()) {
            throw new NotADumpException("is empty. Dump again, and look at the exit status of the dump tool");
        }
        for (Map.Entry<String, String> format : OTHER_FORMATS.entrySet()) {
            if (text.startsWith(format.getKey())) {
                throw noDump("is " + format.getValue());
            }
        }
        if (text.startsWith("toc.dat\0")) {
            throw noDump(
                    "is an archive that pg_dump -Ft wrote, which is not read: dump plain (pg_dump -Fp) or with -Fc");
        }
        if (text.regionMatches(257, "ustar", 0, 5)) {
            throw noDump("is a tar archive: unpack it");
        }
        // No dump tool writes a zero byte: mysqldump escapes it, PostgreSQL's text has none.
        if (text.indexOf('\0') >= 0) {
            throw noDump("is a binary file");
        }
    }

    private static NotADumpException noDump(String why) {
        return new NotADumpException("is no dump of pg_dump, mysqldump or mariadb-dump: it " + why
                + (why.contains(": ")
                        ? ""
                        : ". A backup is a"
                                + " plain dump, or one of pg_dump -Fc, compressed by gzip, zstd or not at all"));
    }

    private String beginning() {
        String beginning =
                new String(bytes, 0, Math.min(bytes.length, 200), UTF_8).strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
        return beginning.length() > 60 ? beginning.substring(0, 60) + "…" : beginning;
    }

    /** A file is no dump. The message goes on from the file's name. */
    static final class NotADumpException extends Exception {

        private static final long serialVersionUID = 1;

        NotADumpException(String message) {
            super(message);
        }
    }
}
