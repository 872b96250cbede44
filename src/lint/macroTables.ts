// Tables of operations that a macro builds: `#define OPS(name) { .attach_dev = name##_attach_dev }`.
import type { Macro, SourceFile } from './c/sourceFile.ts';

/** `.member = function` that a macro's text writes, with its parameters replaced. */
interface MacroSlot {
  readonly member: string;
  readonly name: string;
  readonly table: string;
}

const slots = (text: string, table: string): MacroSlot[] =>
  [...text.matchAll(/\.(\w+)\s*=\s*&?(\w+)/g)].map(([, member, name]) => ({ member: member!, name: name!, table }));

const replaced = ({ parameters, text }: Macro, given: readonly string[]): string => {
  const values = new Map(parameters!.map((parameter, index) => [parameter, given[index]?.trim() ?? '']));
  return text.replace(/\b\w+\b/g, (word) => values.get(word) ?? word).replace(/\s*##\s*/g, '');
};

/** Each use of the macro in the file, its own definition and others left aside. */
const usesOf = (macro: Macro, { source }: SourceFile): MacroSlot[] => {
  if (macro.parameters === null) return new RegExp(`[{=,]\\s*${macro.name}\\b`).test(source) ? slots(macro.text, macro.name) : [];
  const uses = [...source.matchAll(new RegExp(`(?<!define\\s+)\\b${macro.name}\\s*\\(([^()]*)\\)`, 'g'))];
  return uses.flatMap(([text, given]) => slots(replaced(macro, given!.split(',')), text));
};

/** `wanted`: the members that are looked for. */
export const macroSlots = (file: SourceFile, files: readonly SourceFile[], wanted: ReadonlySet<string>): MacroSlot[] => {
  const visible = files.filter(({ path }) => path === file.path || path.endsWith('.h')).flatMap(({ macros }) => macros);
  const builders = visible.filter(({ text }) => [...wanted].some((member) => text.includes(`.${member}`)));
  return builders.flatMap((macro) => usesOf(macro, file)).filter(({ member }) => wanted.has(member));
};
