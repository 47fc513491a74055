import { open } from 'node:fs/promises';

/** A private key that others can read, or that is somebody else's. */
export class OpenKeyFile extends Error {
  override readonly name = 'OpenKeyFile';
}

/** A private key from a file that is ours alone (0600): whoever else can read it is us to the other side. */
export async function readPrivateKeyFile(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const facts = await file.stat();
    const isOurs = process.getuid === undefined || facts.uid === process.getuid();
    const isPrivate = process.platform === 'win32' || (facts.mode & 0o077) === 0;
    if (!facts.isFile() || !isOurs || !isPrivate)
      throw new OpenKeyFile(
        `密钥文件 ${path} 别人也能读，或不是本程序用户的；请 chmod 600 并核对所有者`,
      );
    return await file.readFile();
  } finally {
    await file.close();
  }
}
