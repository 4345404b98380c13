package org.ztp.audit;

/** Is told how far a verification has come. Called on the verifying thread, often: it should return at once. */
@FunctionalInterface
public interface Progress {
    /** Tells nobody. */
    Progress NONE = (stage, bytes, total) -> { };

    /**
     * More was read.
     *
     * @param stage what is being read, relative to the cluster's directory
     * @param bytes read so far, in all stages
     * @param total bytes that there were to read when it began
     */
    void at(String stage, long bytes, long total);
}
