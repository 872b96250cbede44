// Long work in turns: whoever drives it may do something else between two of them, or not, and gets the same.

export type Turns<Result> = Generator<undefined, Result, undefined>;

/** Nothing else is done meanwhile. */
export const atOnce = <Result>(turns: Turns<Result>): Result => {
  for (;;) {
    const { done, value } = turns.next();
    if (done) return value;
  }
};
