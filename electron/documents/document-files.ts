import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { readNamedFile } from '../base/foreign-folder.ts';

/** The documents of a folder, encrypted: nothing personal is on the disk in plain text. */
export type DocumentFiles = {
  /** Keeps a document under a name; once it has answered the file is whole and on the disk. */
  save(name: string, bytes: Uint8Array): Promise<void>;
  /** The document, or null where there is none. Throws when the file was changed or has another key. */
  read(name: string): Promise<Uint8Array | null>;
  /** The names of all that lie there, whoever put them there. */
  names(): Promise<readonly string[]>;
};

/** Says what the file is and which way it is written, so that a later way can be recognised. */
const magic = Buffer.from('SWDOC1\n', 'latin1');
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Documents are kept in `documents/` of the data folder as `NAME.enc`: AES-256-GCM under a key derived from the
 * folder's, with the name as additional data, so that no file can stand in for another.
 */
export function documentFiles(home: string, folderKey: Uint8Array): DocumentFiles {
  const key = Buffer.from(hkdfSync('sha256', folderKey, '', 'settlement documents 1', 32));
  const folder = join(home, 'documents');
  const pathOf = (name: string): string => {
    if (!/^[\w-]+\.\w+$/.test(name)) throw new Error(`not the name of a document: ${name}`);
    return join(folder, `${name}.enc`);
  };
  return {
    async save(name, bytes) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
      const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
      await mkdir(folder, { recursive: true });
      await writeWhole(pathOf(name), Buffer.concat([magic, nonce, cipher.getAuthTag(), sealed]));
    },
    async names() {
      const all = await readdir(folder).catch((problem: unknown) => {
        if (problem instanceof Error && 'code' in problem && problem.code === 'ENOENT') return [];
        throw problem;
      });
      // What a program that died while it wrote left beside counts for nothing.
      return all
        .filter((name) => !name.endsWith('.part'))
        .map((name) => name.replace(/\.enc$/, ''));
    },
    read(name) {
      return new Promise((resolve) => {
        const file = readIfThere(pathOf(name));
        resolve(file === null ? null : opened(name, file));
      });
    },
  };

  function opened(name: string, file: Buffer): Uint8Array {
    if (!file.subarray(0, magic.length).equals(magic)) throw new Error(`${name} is no document`);
    const nonce = file.subarray(magic.length, magic.length + nonceBytes);
    const tag = file.subarray(magic.length + nonceBytes, magic.length + nonceBytes + tagBytes);
    const sealed = file.subarray(magic.length + nonceBytes + tagBytes);
    const opener = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    opener.setAAD(Buffer.from(name)).setAuthTag(tag);
    return Uint8Array.from(Buffer.concat([opener.update(sealed), opener.final()]));
  }
}

/** More than any statement; what is larger was not made here. */
const documentBytesMax = 64 * 1024 * 1024;

/** Null where there is none. A pipe or a device in its place is not waited for. */
function readIfThere(path: string): Buffer | null {
  try {
    return readNamedFile(path, documentBytesMax);
  } catch (problem) {
    if (problem instanceof Error && 'code' in problem && problem.code === 'ENOENT') return null;
    throw problem;
  }
}

/** Written beside and renamed, so that a crash leaves the old file or the new one, never half of one. */
async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const beside = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (problem) {
    await rm(beside, { force: true });
    throw problem;
  }
}
