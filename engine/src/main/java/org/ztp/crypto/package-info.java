/**
 * Keys, signatures and ciphers: the only package that imports Bouncy Castle.
 *
 * <pre>
 *   OpenSSH files          signatures               encryption to a key
 *   SshPublicKey  ───► VerifyKey ──toX25519──► X25519PublicKey ──► Hpke.seal
 *   SshPrivateKey ───► SigningKey ─toX25519──► X25519PrivateKey ─► Hpke.open
 *                      VerifyKeys (cache)                          │
 *                                               Hkdf · AesGcm · KeyStream
 * </pre>
 *
 * <p>What holds a secret is {@link java.lang.AutoCloseable}: {@code close()} overwrites it, and no
 * {@code toString()} or exception message holds a byte of it. Copies that the JDK's own ciphers keep inside
 * themselves live until they are collected.
 */
package org.ztp.crypto;
