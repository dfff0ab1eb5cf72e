package io.github.metadatasnapshot.backup;

import java.util.regex.Pattern;

/** The tools that write dumps, as the first lines of their files tell them, with advice for each. */
enum WritingTool {
    /** PostgreSQL's own, for one database. */
    PG_DUMP(
            "^-- PostgreSQL database dump$",
            "pg_dump",
            "Dump one database without -C (--create), or take the statement out"),
    /** PostgreSQL's own, for the whole server. */
    PG_DUMPALL(
            "^-- PostgreSQL database cluster dump$",
            "pg_dumpall",
            "pg_dumpall dumps the whole server: dump the one database with pg_dump, without -C"),
    /** MySQL's, up to 8.0, which writes every name with its database. */
    MYSQLPUMP(
            "^-- Dump created by MySQL (?:dump|pump) utility, version: \\d",
            "mysqlpump",
            "mysqlpump writes every name with its database, and MySQL 8.4 no longer has it: dump the database with"
                    + " mysqldump, without --databases"),
    /** A PHP page for every engine. */
    ADMINER(
            "^-- Adminer \\d",
            "Adminer",
            "In Adminer's form for exports leave the field Database empty (neither USE nor CREATE), or dump with the engine's"
                    + " own tool"),
    /** A PHP page for MySQL and MariaDB. */
    PHP_MY_ADMIN(
            "^-- phpMyAdmin SQL Dump\\R-- version \\d",
            "phpMyAdmin",
            "In phpMyAdmin export the one database by the custom method, without 'Add CREATE DATABASE / USE statement', or"
                    + " dump with mysqldump or mariadb-dump"),
    /** A program for Windows. */
    HEIDI_SQL(
            "^-- HeidiSQL Version:\\s+\\d",
            "HeidiSQL",
            "In HeidiSQL export without Drop and Create for the database, or dump with mysqldump or mariadb-dump"),
    /** A program for every engine. */
    NAVICAT("^\\s*Navicat .*(?:Data Transfer|Dump)", "Navicat", "Dump with the engine's own tool instead"),
    /** A library for PHP. */
    MYSQLDUMP_PHP(
            "^-- mysqldump-php https://",
            "mysqldump-php",
            "Dump with its settings databases and add-drop-database off, or with mysqldump"),
    /** Sequel Pro and Sequel Ace, programs for macOS. */
    SEQUEL("^# Sequel (?:Pro|Ace) SQL dump$", "Sequel Ace", "Dump with mysqldump or mariadb-dump instead"),
    /** MariaDB's own, whose earlier releases call it mysqldump. */
    MARIADB_DUMP(
            "^-- (?:MariaDB dump|MySQL dump .*MariaDB)",
            "mariadb-dump",
            "Dump one database without --databases, --all-databases or --create, or take the statement out"),
    /** MySQL's own. */
    MYSQLDUMP(
            "^-- MySQL dump ",
            "mysqldump",
            "Dump one database without --databases, --all-databases or --create, or take the statement out"),
    /** Any other, or one that was told to leave its comments out. */
    UNKNOWN(
            "(?!)",
            "",
            "Dump one database without --databases, --all-databases or --create (pg_dump: without -C, and not with"
                    + " pg_dumpall), or take the statement out");

    private static final int WITHIN = 2000;

    private final Pattern head;
    private final String displayName;
    private final String oneDatabase;

    WritingTool(String head, String displayName, String oneDatabase) {
        this.head = Pattern.compile(head, Pattern.MULTILINE);
        this.displayName = displayName;
        this.oneDatabase = oneDatabase;
    }

    /** {@return the tool that a file is from, by the text that it begins with} */
    static WritingTool of(String text) {
        String written = GuardMark.without(text);
        String beginning = written.substring(0, Math.min(written.length(), WITHIN));
        for (WritingTool tool : values()) {
            if (tool.head.matcher(beginning).find()) {
                return tool;
            }
        }
        return UNKNOWN;
    }

    /** {@return its name, the empty string where it is not known} */
    String displayName() {
        return displayName;
    }

    /** {@return how to write a dump of one database with it, which goes into a database of any name} */
    String oneDatabase() {
        return oneDatabase;
    }
}
