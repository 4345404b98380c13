/**
 * Receipts: proof of one transaction, to be verified offline with nothing but the genesis.
 *
 * <pre>
 *   transaction ─ path ─► transactions' root ─ client's signature ─► bundle id ─ path ─► batch root
 *     ─ path ─► block's root ─► header ─ parents ─► header ─► commit certificate: a quorum's signatures
 *
 *   outcome ─ path ─► outcomes' root ─ path ─► state digest ─► later header ─ parents ─► header ─► certificate
 * </pre>
 *
 * <p>The lower line is there for blocks that hold more than records, once a later block is final.
 */
package org.ztp.ledger.receipt;
