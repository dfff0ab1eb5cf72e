package io.github.metadatasnapshot.server;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A prepared database in the data directory of a server that was shut down.
 *
 * @param key what it was made of
 * @param database its name
 * @param contents the fingerprint of what it holds
 * @param roles those that were lent to it
 * @param created those of them that the server lacked
 * @param lastUse the day on which a run used it, since 1970
 */
record CachedState(
        String key,
        String database,
        String contents,
        SortedSet<String> roles,
        SortedSet<String> created,
        long lastUse) {

    CachedState {
        roles = Collections.unmodifiableSortedSet(new TreeSet<>(roles));
        created = Collections.unmodifiableSortedSet(new TreeSet<>(created));
    }

    CachedState with(SortedSet<String> nowRoles, SortedSet<String> nowCreated, long nowLastUse) {
        return new CachedState(key, database, contents, nowRoles, nowCreated, nowLastUse);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeUTF(key);
        out.writeUTF(database);
        out.writeUTF(contents);
        write(out, roles);
        write(out, created);
        out.writeLong(lastUse);
    }

    private static void write(DataOutputStream out, Collection<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            out.writeUTF(text);
        }
    }

    static CachedState read(DataInputStream in) throws IOException {
        return new CachedState(in.readUTF(), in.readUTF(), in.readUTF(), readAll(in), readAll(in), in.readLong());
    }

    private static SortedSet<String> readAll(DataInputStream in) throws IOException {
        SortedSet<String> texts = new TreeSet<>();
        for (int left = in.readInt(); left > 0; left--) {
            texts.add(in.readUTF());
        }
        return texts;
    }
}
