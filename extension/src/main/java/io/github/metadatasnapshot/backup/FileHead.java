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
            "^/\\*M!|^/\\*!999999\\\\-|^-- MariaDB dump |^-- MySQL dump .*MariaDB|^-- Server version.*MariaDB",
            Pattern.MULTILINE);
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

    private static final Map<String, String> OTHER_FORMATS = Map.ofEntries(
            Map.entry("PK\u0003\u0004", "a ZIP archive: unpack it"),
            Map.entry("BZh", unread("bzip2")),
            Map.entry("\u00fd7zXZ", unread("xz")),
            Map.entry("\u0004\"M\u0018", unread("LZ4")),
            Map.entry("\u0002!L\u0018", unread("LZ4")),
            Map.entry("\u001f\u009d", unread("compress")),
            Map.entry("\u0089LZO\0", unread("lzop")),
            Map.entry("LZIP", unread("lzip")),
            Map.entry("\u00ff\u0006\0\0sNaPpY", unread("Snappy")),
            Map.entry("7z\u00bc\u00af", "a 7-Zip archive: unpack it"),
            Map.entry("Rar!", "a RAR archive: unpack it"),
            Map.entry("-----BEGIN PGP MESSAGE-----", encrypted("gpg", "gpg --decrypt")),
            Map.entry("-----BEGIN AGE ENCRYPTED FILE-----", encrypted("age", "age --decrypt")),
            Map.entry("age-encryption.org/v1", encrypted("age", "age --decrypt")),
            Map.entry("Salted__", encrypted("openssl enc", "openssl enc -d")),
            Map.entry("XBSTCK01", "a copy of files that xtrabackup or mariadb-backup streamed, not statements"),
            Map.entry("SQLite format 3", "an SQLite database"),
            Map.entry("version https://git-lfs", "a pointer of Git LFS, not the file itself: run git lfs pull"),
            Map.entry(
                    "\u00ff\u00fe",
                    "written in UTF-16, as PowerShell's > does: dump with --file (pg_dump) or --result-file"
                            + " (mysqldump, mariadb-dump) instead"),
            Map.entry("\u00fe\u00ff", "written in UTF-16: convert it to UTF-8"));

    /** Packets that gpg's binary files begin with: a session key, encrypted by a password or for a key. */
    private static final Pattern GPG = Pattern.compile(
            "^(?:[\u008c\u00c3]\r\u0004|[\u0084\u0085].{1,2}\u0003|\u00c1.{1,2}\u0003)", Pattern.DOTALL);

    private static final Pattern XML = Pattern.compile("^\\s*<\\?xml.{0,200}?<mysqldump\\b", Pattern.DOTALL);

    private static String unread(String format) {
        return "compressed by " + format + ", which is not read: compress it by gzip or zstd";
    }

    private static String encrypted(String tool, String command) {
        return "encrypted by " + tool + ", and no password is asked for: decrypt it first (" + command + ")";
    }

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

    /** {@return the tool that wrote the file} */
    WritingTool tool() {
        return WritingTool.of(text);
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
        if (GPG.matcher(text).find()) {
            throw noDump("is " + encrypted("gpg", "gpg --decrypt"));
        }
        if (XML.matcher(text).find()) {
            throw noDump("is XML, as mysqldump --xml writes it, which no client loads: dump without --xml");
        }
        if (text.startsWith("toc.dat\0")) {
            throw noDump(
                    "is an archive that pg_dump -Ft wrote, which is not read: dump plain (pg_dump -Fp) or with -Fc");
        }
        if (text.regionMatches(257, "ustar", 0, 5)) {
            throw noDump("is a tar archive: unpack it");
        }
        // No dump tool writes a zero byte: mysqldump escapes it, PostgreSQL's text has none.
        int zero = text.indexOf('\0');
        boolean padded = zero > 0
                && bytes.length < BYTES
                && text.charAt(zero - 1) == '\n'
                && text.substring(zero).chars().allMatch(c -> c == 0);
        if (padded) {
            throw noDump("ends in zero bytes, as a file does that was not copied to its end: copy it again");
        }
        if (zero >= 0) {
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
