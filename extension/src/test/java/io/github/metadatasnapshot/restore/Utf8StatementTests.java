package io.github.metadatasnapshot.restore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.ScriptSyntax;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8StatementTests {

    private static final ScriptSyntax MYSQL = Engine.MYSQL.scriptSyntax();

    /** {@return the text of a statement whose bytes are the Latin-1 characters of the argument} */
    private static String of(String bytes) throws Utf8Statement.NotUtf8Exception {
        byte[] raw = ("x" + bytes + "x").getBytes(ISO_8859_1);
        return Utf8Statement.of(raw, 1, raw.length - 1, MYSQL);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
                    SELECT 'a'                      | SELECT 'a'
                    SELECT _binary 'a\u00ff'        | SELECT _binary 0x61FF
                    SELECT ('\u00ff','b','\u00fe')  | SELECT (0xFF,'b',0xFE)
                    SELECT "\u00ff"                 | SELECT 0xFF
                    SELECT '\u00ff''\\'\\\\\\0\\n\\r\\t\\b\\Z\\%\\_\\q"' | SELECT 0xFF27275C000A0D09081A5C255C5F7122
                    SELECT `a'b`, '\u00ff'          | SELECT `a'b`, 0xFF
                    SELECT 5--3, '\u00ff'           | SELECT 5--3, 0xFF
                    SELECT /* ' */ '\u00ff'         | SELECT /* ' */ 0xFF
                    /*!40101 SELECT '\u00ff' */     | /*!40101 SELECT 0xFF */
                    """)
    void stringsThatAreNotUtf8BecomeHexadecimal(String bytes, String text) throws Exception {
        assertThat(of(bytes)).isEqualTo(text);
    }

    @Test
    void whatQuotesAndBackslashesMeanIsUpToTheSession() throws Exception {
        byte[] names = "INSERT INTO \"a\" VALUES ('\u00ff')".getBytes(ISO_8859_1);
        byte[] backslashes = "SELECT '\\\u00ff', 'a\\'".getBytes(ISO_8859_1);

        assertThat(Utf8Statement.of(names, 0, names.length, MYSQL.withQuotes(true, true)))
                .isEqualTo("INSERT INTO \"a\" VALUES (0xFF)");
        assertThat(Utf8Statement.of(backslashes, 0, backslashes.length, MYSQL.withQuotes(false, false)))
                .isEqualTo("SELECT 0x5CFF, 'a\\'");
    }

    @Test
    void commentsAreLeftOut() throws Exception {
        assertThat(of("SELECT 1, -- it's\n # don't\n '\u00ff'")).isEqualTo("SELECT 1, -- it's\n # don't\n 0xFF");
    }

    @Test
    void whatIsUtf8IsKept() throws Exception {
        String text = "SELECT 'ü €', '\ud83d\ude00'";
        byte[] bytes = text.getBytes(UTF_8);
        assertThat(Utf8Statement.of(bytes, 0, bytes.length, MYSQL)).isEqualTo(text);

        byte[] mixed = ("SELECT '" + new String("€".getBytes(UTF_8), ISO_8859_1) + "', '\u00ff'").getBytes(ISO_8859_1);
        assertThat(Utf8Statement.of(mixed, 0, mixed.length, MYSQL)).isEqualTo("SELECT '€', 0xFF");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SELECT `\u00ff`", "SELECT \u00ff, 'a'", "SELECT 1 /* \u00ff */", "-- \u00ff\nSELECT '\u00ff'"})
    void elsewhereItIsAnError(String bytes) {
        assertThatThrownBy(() -> of(bytes))
                .isInstanceOf(Utf8Statement.NotUtf8Exception.class)
                .hasMessage(
                        "The statement holds bytes outside of strings that are not UTF-8, which a JDBC driver cannot"
                                + " send: dump with --default-character-set=utf8mb4, or use the client in a container");
    }

    @Test
    void agreesWithTheJdkOnWhatIsUtf8() {
        Random random = new Random(1);
        byte[] interesting = {
            0,
            'a',
            (byte) 0x80,
            (byte) 0x8f,
            (byte) 0x90,
            (byte) 0x9f,
            (byte) 0xa0,
            (byte) 0xbf,
            (byte) 0xc0,
            (byte) 0xc1,
            (byte) 0xc2,
            (byte) 0xdf,
            (byte) 0xe0,
            (byte) 0xed,
            (byte) 0xef,
            (byte) 0xf0,
            (byte) 0xf4,
            (byte) 0xf5,
            (byte) 0xff
        };
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(5)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = interesting[random.nextInt(interesting.length)];
            }
            assertThat(Utf8Statement.isUtf8(bytes, 0, bytes.length))
                    .as("%s", bytes)
                    .isEqualTo(decodes(bytes));
        }
    }

    private static boolean decodes(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
