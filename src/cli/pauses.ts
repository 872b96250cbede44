// Pauses of a stream as items: who holds something back for what may come needs to hear that nothing came.

/** `empty` where nothing came for so long. */
export async function* withPauses<T>(items: AsyncIterable<T>, milliseconds: number, empty: T): AsyncIterable<T> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = awaited(iterator.next());
      while (!(await next.within(milliseconds))) yield empty;
      const { done, value } = await next.result;
      if (done) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** One listener for all the waiting: a race of its own for each pause would pile up listeners at a stream that is silent for days. */
const awaited = <T>(result: Promise<T>): { readonly result: Promise<T>; readonly within: (milliseconds: number) => Promise<boolean> } => {
  let isThere = false;
  let wake = (): void => {};
  const arrive = (): void => {
    isThere = true;
    wake();
  };
  result.then(arrive, arrive);
  return {
    result,
    within: (milliseconds) =>
      new Promise((resolve) => {
        if (isThere) return resolve(true);
        const timer = setTimeout(() => resolve(false), milliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve(true);
        };
      }),
  };
};
