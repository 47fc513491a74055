/** The end of a thread that requests go to. A Node `Worker` is one. */
export type Thread = {
  postMessage(message: unknown): void;
  /** Of `message`, `messageerror`, `error` and `exit`. */
  on(event: string, listener: (value: unknown) => void): unknown;
  ref(): void;
  unref(): void;
  terminate(): Promise<unknown>;
};

/** The end inside the thread that requests come in at. Node's `parentPort` is one. */
export type ThreadPort = {
  postMessage(message: unknown): void;
  /** Of `message`. */
  on(event: string, listener: (value: unknown) => void): unknown;
};

/** What crosses between threads of an error: classes do not. */
export type ThreadFailure = {
  /** The error's own `code` where it has one, else its name. */
  readonly code: string;
  readonly message: string;
  readonly stack: string;
};

/** Why a thread is gone: an error that nobody caught in it, or its end. */
export type ThreadEnd =
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'exit'; readonly code: number };

type Envelope<Request> = { readonly id: number; readonly request: Request };
type Reply<Answer> =
  | { readonly id: number; readonly ok: true; readonly answer: Answer }
  | { readonly id: number; readonly ok: false; readonly failure: ThreadFailure };

type Waiting<Answer> = {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (problem: Error) => void;
};

export type ThreadRequestsSettings = {
  /** Starts the thread; called with the first request. */
  start(): Thread;
  /** Starts another thread with the next request after one has ended; else every later request is rejected. */
  readonly startsAgain: boolean;
  /** Whether a request that waits keeps the program from ending. */
  readonly keepsProgramAlive: boolean;
  /** What a request is rejected with that the thread could not answer. */
  failed(failure: ThreadFailure): Error;
  /** What every request that waits is rejected with when the thread is gone. */
  ended(end: ThreadEnd): Error;
};

/**
 * Requests to a thread and its answers, any number under way at a time, each known by its number. The end of
 * the thread rejects everything that waits: no request is left without an answer. Other ends of the same thread
 * (`answerRequests`) must be of the same version: nothing is checked on the way.
 */
export class ThreadRequests<Request, Answer> {
  readonly #settings: ThreadRequestsSettings;
  readonly #waiting = new Map<number, Waiting<Answer>>();
  #thread: Thread | null = null;
  #gone: Error | null = null;
  #lastId = 0;

  constructor(settings: ThreadRequestsSettings) {
    this.#settings = settings;
  }

  /** Why every later request will be rejected; null while requests can be asked. */
  get gone(): Error | null {
    return this.#gone;
  }

  /** Rejects with what `failed` makes of the thread's own failure, or `ended` of its end. */
  ask(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#gone !== null) {
        reject(this.#gone);
        return;
      }
      const thread = (this.#thread ??= this.#start());
      const id = ++this.#lastId;
      // Throws for what cannot cross between threads; then nothing waits.
      thread.postMessage({ id, request } satisfies Envelope<Request>);
      if (this.#waiting.size === 0 && this.#settings.keepsProgramAlive) thread.ref();
      this.#waiting.set(id, { resolve, reject });
    });
  }

  /**
   * Ends the thread, if there is one. What still waits is rejected with `reason`, and so is every later request, unless
   * another thread may start with it.
   */
  async close(reason: Error): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    if (!this.#settings.startsAgain) this.#gone ??= reason;
    this.#rejectAll(reason);
    await thread?.terminate();
  }

  #start(): Thread {
    const thread = this.#settings.start();
    thread.on('message', (reply) => {
      this.#take(thread, reply as Reply<Answer>);
    });
    const lost = (end: ThreadEnd): void => {
      this.#lose(thread, this.#settings.ended(end));
    };
    thread.on('error', (error) => {
      lost({ kind: 'error', error });
    });
    thread.on('messageerror', (error) => {
      lost({ kind: 'error', error });
    });
    thread.on('exit', (code) => {
      lost({ kind: 'exit', code: Number(code) });
    });
    // A thread that nothing waits for must not keep the program alive. After listening, which takes hold again.
    thread.unref();
    return thread;
  }

  #take(thread: Thread, reply: Reply<Answer>): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) thread.unref();
    if (reply.ok) waiting.resolve(reply.answer);
    else waiting.reject(this.#settings.failed(reply.failure));
  }

  #lose(thread: Thread, problem: Error): void {
    // An error is followed by the exit, and another thread may have been started between.
    if (this.#thread !== thread) return;
    this.#thread = null;
    if (!this.#settings.startsAgain) this.#gone = problem;
    this.#rejectAll(problem);
  }

  #rejectAll(problem: Error): void {
    for (const { reject } of this.#waiting.values()) reject(problem);
    this.#waiting.clear();
  }
}

/** The thread's side: answers each request that comes in at the port, with what `answer` gives or throws. */
export function answerRequests(port: ThreadPort, answer: (request: never) => unknown): void {
  const replyTo = async ({ id, request }: Envelope<never>): Promise<Reply<unknown>> => {
    try {
      return { id, ok: true, answer: await answer(request) };
    } catch (problem) {
      return { id, ok: false, failure: failureOf(problem) };
    }
  };
  port.on('message', (envelope) => {
    void replyTo(envelope as Envelope<never>).then((reply) => {
      port.postMessage(reply);
    });
  });
}

function failureOf(problem: unknown): ThreadFailure {
  if (!(problem instanceof Error)) {
    return { code: 'UNKNOWN', message: String(problem), stack: String(problem) };
  }
  const { name, message } = problem;
  const code = 'code' in problem && typeof problem.code === 'string' ? problem.code : name;
  return { code, message, stack: problem.stack ?? message };
}
