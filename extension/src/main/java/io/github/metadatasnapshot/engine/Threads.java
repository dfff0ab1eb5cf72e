package io.github.metadatasnapshot.engine;

/** What threads that watch something have in common. */
public final class Threads {

    private Threads() {}

    /** Waits until a thread has ended, also where the caller is interrupted meanwhile, who then is so afterwards. */
    public static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
