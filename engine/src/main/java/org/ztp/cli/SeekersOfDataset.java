package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import org.ztp.contract.Identity;
import org.ztp.contract.rules.Changed;
import org.ztp.wire.Hash;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The words of an owner's commands about who may ask for a dataset. */
final class SeekersOfDataset {
    @Parameters(paramLabel = "DATASET", description = "The dataset's id.")
    private String dataset;
    @Option(names = "--key", required = true, paramLabel = "OWNER", description = "The owner's private key.")
    private Path keyFile;
    @Option(names = "--seeker", required = true, arity = "1..*", paramLabel = "PUBKEY",
        description = "A .pub file or its line.", parameterConsumer = Keys.class)
    private List<String> seekers;

    /** The dataset's id. */
    Hash dataset() {
        return SharingOptions.dataset(dataset);
    }

    /** The file of the owner's key. */
    Path keyFile() {
        return keyFile;
    }

    /** The seekers. */
    List<Identity> seekers() throws IOException {
        return SharingOptions.identities(seekers);
    }

    /** What is told of a change of the contract. */
    Map<String, Object> changed(final Ledger.Settled settled) {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("dataset", dataset().toString());
        Changed.parse(settled.detail()).ifPresent(changed -> {
            document.put("version", changed.version());
            document.put("revoked", changed.revoked());
        });
        settled.tell(document);
        return document;
    }

    /** Takes words up to the next option, or to the id of a dataset: that is no key, so it may come last. */
    static final class Keys implements IParameterConsumer {
        @Override
        public void consumeParameters(final Stack<String> words, final ArgSpec option, final CommandSpec command) {
            final List<String> keys = new ArrayList<>(Optional.<List<String>>ofNullable(option.getValue()).orElse(List.of()));
            final int before = keys.size();
            while (!words.isEmpty() && !words.peek().startsWith("-") && Hash.parse(words.peek()).isEmpty()) {
                keys.add(words.pop());
            }
            if (keys.size() == before) {
                throw new ParameterException(command.commandLine(), "--seeker needs a PUBKEY");
            }
            option.setValue(keys);
        }
    }
}
