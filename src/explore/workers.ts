// The threads of the other workers of a search: started when first needed, and kept. A search's turn does not end while it waits for
// them, so messages are waited for in place.
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Crew } from './strategy.ts';

/** States after which a search is worth other workers: each evaluates steps anew. */
const WORTH = 50_000;
/** Milliseconds between two looks for a message, and looks after which whoever should send it counts as dead: a minute. */
const PAUSE = 2;
const DEAD = 30_000;

const ever = new Int32Array(new SharedArrayBuffer(4));

/** The next message; the thread does nothing else meanwhile. Throws when it does not come. */
export const nextMessage = <Message>(port: MessagePort): Message => {
  for (let looks = 0; looks < DEAD; looks++) {
    const found = receiveMessageOnPort(port) as { message: Message } | undefined;
    if (found) return found.message;
    Atomics.wait(ever, 0, 0, PAUSE);
  }
  throw new Error('a worker of the search gives no sign of life');
};

export interface WorkersOptions {
  /** A module that serves `workerData.port` (src/explore/worker.ts) under the model and bounds of `data`. */
  readonly entry: URL;
  readonly data: object;
  /** Workers in all, the first one among them. */
  readonly jobs: number;
  readonly worth?: number;
}

export class Workers implements Crew {
  readonly worth: number;
  readonly jobs: number;
  readonly #options: WorkersOptions;
  readonly #threads: { readonly worker: Worker; readonly port: MessagePort }[] = [];

  constructor(options: WorkersOptions) {
    this.#options = options;
    this.jobs = options.jobs;
    this.worth = options.worth ?? WORTH;
  }

  get #ports(): readonly MessagePort[] {
    while (this.#threads.length < this.jobs - 1) {
      const { port1, port2 } = new MessageChannel();
      const { entry, data } = this.#options;
      const worker = new Worker(entry, { workerData: { port: port2, ...data }, transferList: [port2] });
      worker.unref();
      // It is missed by whoever waits for it.
      worker.on('error', () => {});
      port1.unref();
      this.#threads.push({ worker, port: port1 });
    }
    return this.#threads.map(({ port }) => port);
  }

  order<Order>(order: Order): void {
    for (const port of this.#ports) port.postMessage(order);
  }

  replies<Report>(): Report[] {
    return this.#ports.map((port) => nextMessage<Report>(port));
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }
}
