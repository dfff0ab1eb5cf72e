package io.github.metadatasnapshot.engine;

import java.util.Map;
import java.util.Optional;

/**
 * A session, as it is at one moment of its work.
 *
 * @param session the number by which other sessions know it
 * @param rows the rows that it has changed so far
 * @param tables the tables that it sees, by an identity that lasts as long as they do; empty where the user may not know
 */
public record SessionLook(String session, RowCounts rows, Optional<Map<String, StoredTable>> tables) {}
