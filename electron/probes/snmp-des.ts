/**
 * DES for SNMP's version 3 (RFC 3414, section 8), which old devices speak and today's OpenSSL does not: triple DES with one key three times
 * is the same cipher.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Authentication, type AuthProtocols, Encryption, PrivProtocols } from 'net-snmp';

const block = 8;

/** What the library has for each protocol; its types are narrower than what it does. */
interface Algorithm {
  encryptPdu(pdu: Buffer, protocol: unknown, password: string, auth: AuthProtocols, engine: { engineID: Buffer }): object;
  decryptPdu(pdu: Buffer, protocol: unknown, salt: Buffer, password: string, auth: AuthProtocols, engine: { engineID: Buffer }): Buffer;
}
type PasswordToKey = (auth: AuthProtocols, password: string, engineID: Buffer) => Buffer;

/** Key, and vector to begin with, for one message. */
function startOf(password: string, auth: AuthProtocols, engineID: Buffer, salt: Buffer): { key: Buffer; iv: Buffer } {
  const localized = (Authentication as unknown as { passwordToKey: PasswordToKey }).passwordToKey(auth, password, engineID);
  const one = localized.subarray(0, block);
  const before = localized.subarray(block, 2 * block);
  return { key: Buffer.concat([one, one, one]), iv: Buffer.from(before.map((byte, at) => byte ^ (salt[at] ?? 0))) };
}

const des: Algorithm = {
  encryptPdu(pdu, _protocol, password, auth, { engineID }) {
    const salt = Buffer.concat([Buffer.from([0, 0, 0, 1]), randomBytes(4)]);
    const { key, iv } = startOf(password, auth, engineID, salt);
    const cipher = createCipheriv('des-ede3-cbc', key, iv).setAutoPadding(false);
    const padded = Buffer.concat([pdu, Buffer.alloc((block - (pdu.length % block)) % block)]);
    return { encryptedPdu: Buffer.concat([cipher.update(padded), cipher.final()]), msgPrivacyParameters: salt };
  },
  decryptPdu(pdu, _protocol, salt, password, auth, { engineID }) {
    const { key, iv } = startOf(password, auth, engineID, salt);
    const decipher = createDecipheriv('des-ede3-cbc', key, iv).setAutoPadding(false);
    return Buffer.concat([decipher.update(pdu), decipher.final()]);
  },
};

/** Gives the library this DES in place of its own. */
export function bringOwnDes(): void {
  Object.assign((Encryption as unknown as { algorithms: Record<number, object> }).algorithms[PrivProtocols.des] as object, des);
}
