package org.ztp.audit;

/**
 * A directory with what a replica has recorded: a journal and a safety record.
 *
 * @param replica whose it is
 * @param directory its name in the cluster's directory
 * @param handedOver whether a life on a node left it for the next one: then its journal goes on from the archive
 */
record ReplicaData(int replica, String directory, boolean handedOver) {
    static final String SAFETY_RECORD = "record";

    String safety() {
        return directory + "/safety";
    }

    String safetyFile() {
        return safety() + "/" + SAFETY_RECORD;
    }

    String journal() {
        return directory + "/journal";
    }

    String snapshot() {
        return directory + "/snapshot";
    }
}
