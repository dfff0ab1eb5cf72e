package io.github.metadatasnapshot.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;

/** A small server of HTTP in Perl, which the images of databases have: it stands for a product's, whose images cannot be had. */
public final class PerlServer {

    /** Answers at the port {@code $PORT} what the shell function {@code answer} prints for a path, and with 500 where that fails. */
    public static final String SERVE = """
            export -f answer
            exec perl -MIO::Socket::INET -e '
              $SIG{INT} = $SIG{TERM} = sub { exit 0 };
              my $server = IO::Socket::INET->new(LocalPort => $ENV{PORT}, Listen => 5, ReuseAddr => 1) or die "no port: $!";
              while (my $client = $server->accept) {
                my ($path) = <$client> =~ m{^GET (\\S+)} or next;
                while (<$client> =~ /\\S/) {}
                # Without a shell between, which would drop the function.
                open(my $out, "-|", "bash", "-c", "answer \\"\\$1\\" 2>&1", "answer", $path);
                my $body = join "", <$out>;
                close $out;
                my $status = $? == 0 ? "200 OK" : "500 Internal Server Error";
                print $client "HTTP/1.1 $status\\r\\nConnection: close\\r\\nContent-Length: " . length($body) . "\\r\\n\\r\\n$body";
                close $client;
              }'
            """;

    private PerlServer() {}

    /** {@return a port that nothing listens on} */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
