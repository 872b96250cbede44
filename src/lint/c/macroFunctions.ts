// Macros that stand for an expression, as functions that return it: a call of one is followed like any other.
import type { Grammar } from './grammar.ts';
import type { Macro } from './sourceFile.ts';
import type { FunctionSource } from './syntax.ts';

/** What is written before a macro's text, so that offsets can be told. */
export const macroHead = 'T m(void) { return (';

export class MacroFunctions {
  private readonly byName: ReadonlyMap<string, Macro>;
  private readonly made = new Map<string, FunctionSource | null>();
  private readonly texts = new Map<FunctionSource, string>();
  private readonly grammar: Grammar;
  private readonly path: string;

  constructor(grammar: Grammar, path: string, macros: readonly Macro[]) {
    this.grammar = grammar;
    this.path = path;
    this.byName = new Map(macros.filter(({ parameters }) => parameters !== null).map((macro) => [macro.name, macro]));
  }

  named(name: string): FunctionSource | null {
    const macro = this.byName.get(name);
    if (macro === undefined) return null;
    if (!this.made.has(name)) this.made.set(name, this.make(macro));
    return this.made.get(name) ?? null;
  }

  text(of: FunctionSource): string | undefined {
    return this.texts.get(of);
  }

  /** Null for a macro that is no expression: a statement, a declaration, a list of tokens. */
  private make({ name, parameters, text, from, to, line }: Macro): FunctionSource | null {
    const written = `${macroHead}${text.replace(/\\\n/g, ' \n')}); }`;
    if (text.trim() === '' || !this.grammar.parsed(written, (root) => !root.hasError)) return null;
    const of = { from, to, line, name, file: this.path, isStatic: true, returns: 'T *', damaged: false };
    const made: FunctionSource = { ...of, parameters: parameters!.map((parameter) => ({ name: parameter, type: '' })) };
    this.texts.set(made, written);
    return made;
  }
}
