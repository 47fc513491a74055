/** The little of ssh2 that is used here; the package brings no types of its own. */
declare module 'ssh2' {
  type Answered<Value> = (problem: Error | null | undefined, value: Value) => void;
  export type FileFacts = { readonly size: number; isFile(): boolean };
  export type Sftp = {
    open(path: string, flags: 'r' | 'w', done: Answered<Buffer>): void;
    write(
      handle: Buffer,
      bytes: Buffer,
      from: number,
      length: number,
      at: number,
      done: Answered<undefined>,
    ): void;
    ext_openssh_fsync(handle: Buffer, done: Answered<undefined>): void;
    close(handle: Buffer, done: Answered<undefined>): void;
    stat(path: string, done: Answered<FileFacts>): void;
    rename(from: string, to: string, done: Answered<undefined>): void;
    mkdir(path: string, done: Answered<undefined>): void;
    readdir(
      path: string,
      done: Answered<readonly { readonly filename: string; readonly attrs: FileFacts }[]>,
    ): void;
    readFile(path: string, done: Answered<Buffer>): void;
  };
  export class Client {
    on(event: 'ready' | 'close', act: () => void): this;
    on(event: 'error', act: (problem: Error & { readonly level?: string }) => void): this;
    connect(options: {
      readonly host: string;
      readonly port: number;
      readonly username: string;
      readonly privateKey: Buffer;
      readonly hostVerifier: (key: Buffer) => boolean;
      readonly readyTimeout: number;
    }): void;
    sftp(done: Answered<Sftp>): void;
    setNoDelay(isOn: boolean): this;
    end(): void;
    destroy(): void;
  }
}
