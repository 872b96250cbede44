// One function being run: what it is, what it has returned, allocated and ignored so far, and where its jumps wait.
import type { Print, SourceLine, WitnessStep } from '../../core/returnSites.ts';
import type { SourceFile } from '../c/sourceFile.ts';
import type { Expression, FunctionSource, Span } from '../c/syntax.ts';
import type { Allocation, Argument, Ignored, Program } from './program.ts';
import { meet, type State } from './state.ts';
import { quoted, unwrapped } from './text.ts';
import { joined, type Value } from './values.ts';

export class Frame {
  readonly program: Program;
  readonly of: FunctionSource;
  readonly args: readonly Argument[];
  readonly source: SourceFile;
  returned: readonly Value[] = [];
  readonly allocations = new Map<string, Allocation>();
  readonly ignored = new Map<string, Ignored>();
  /** States that jump to a label; for loops and switches those that leave and those that go on. */
  readonly labels = new Map<string, State>();
  private readonly prints = new Map<number, Print>();
  readonly passed = new Set<string>();
  /** A label was jumped to after it had been passed, with something new. */
  again = false;
  leaving: (State | null)[] = [];
  continuing: (State | null)[] = [];

  constructor(program: Program, of: FunctionSource, args: readonly Argument[]) {
    this.program = program;
    this.of = of;
    this.args = args;
    this.source = program.file(of);
  }

  at({ line }: Span): SourceLine & { readonly function: string } {
    return { file: this.of.file, line, function: this.of.name };
  }

  text(span: Span): string {
    return unwrapped(quoted(this.source.source, span));
  }

  step(span: Span): WitnessStep {
    return { ...this.at(span), text: this.text(span) };
  }

  /** The same message is the same value in every round of a loop. */
  print(span: Expression, level: string, text: string): Print {
    const print = this.prints.get(span.from) ?? { file: this.of.file, line: span.line, level, text };
    this.prints.set(span.from, print);
    return print;
  }

  returns(values: readonly Value[]): void {
    this.returned = joined(this.returned, values);
  }

  leave(state: State | null): void {
    this.leaving[this.leaving.length - 1] = meet(this.leaving.at(-1) ?? null, state);
  }

  goOn(state: State | null): void {
    this.continuing[this.continuing.length - 1] = meet(this.continuing.at(-1) ?? null, state);
  }
}
