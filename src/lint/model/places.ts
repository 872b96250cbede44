// The places of one function: where errnos arise, what it allocates, calls and changes. Found by running it, and by looking through it.
import type { Print, ReturnSite } from '../../core/returnSites.ts';
import type { Place } from '../../core/rowSources.ts';
import type { SourceFile } from '../c/sourceFile.ts';
import type { Expression, FunctionSource, Statement } from '../c/syntax.ts';
import { isPrinter, releases, takes } from '../flow/messages.ts';
import { sitesOf } from '../flow/sites.ts';
import { quoted, unwrapped } from '../flow/text.ts';
import { argumentsByType, type LocalAnalysis } from './localAnalysis.ts';
import { placeKey, wordingOf } from './placeKeys.ts';
import { expressionsIn, statementsIn } from './statements.ts';

export interface LocatedPlace extends Place {
  readonly from: number;
  readonly to: number;
  /** Lines by which a citation may mean it: of the check, of where the errno is set, of the return. */
  readonly lines: readonly number[];
  /** All that is compared. */
  readonly key: string;
  /** The same, arguments of calls too. */
  readonly wording: string;
}

type Found = Omit<LocatedPlace, 'times' | 'kin' | 'file' | 'function' | 'key' | 'wording'>;

const nothing = { errnos: [], gfp: null, prints: [] } as const;

/** A warning with a condition says nothing but that condition. */
const printText = ({ level, text }: Print): string => (text.startsWith(`${level}(`) ? level : `${level}: ${text.replace(/\s+/g, ' ')}`);

/** A constant that a failed call leads to is told with that call: `foo(): ret < 0`. So is a test of which errno a call gave. */
const conditionText = ({ origin, api, condition, witness }: ReturnSite): string => {
  if (origin === 'constant') return api !== null && !condition.includes(`${api}(`) ? `${api}(): ${condition}` : condition;
  const test = witness.at(-2)?.text ?? '';
  return api !== null && /-E[A-Z]/.test(test) && !test.includes(`${api}(`) ? `${api}(): ${test}` : condition;
};

/** A null pointer is no success. */
const errnosOf = ({ errnos, origin }: ReturnSite): readonly string[] => (origin === 'memory' && errnos.join() === '0' ? ['NULL'] : errnos);

const returnsOf = (analysis: LocalAnalysis, of: FunctionSource): Found[] => {
  const operation = { driver: '', op: '', table: '', entry: of.name };
  const sites = sitesOf(operation, analysis.summary(of, argumentsByType(of)));
  return sites
    .filter((site) => site.file === of.file && site.function === of.name)
    .map((site) => {
      const lines = site.witness.filter(({ function: name }) => name === of.name).map(({ line }) => line);
      const at = (site.condition === '' ? undefined : site.witness.at(-2)?.line) ?? site.line;
      return {
        ...{ kind: 'return', text: conditionText(site), errnos: errnosOf(site), gfp: null, prints: site.prints.map(printText).sort() },
        ...{ from: at, to: at, lines },
      };
    });
};

const isNoise = (name: string): boolean =>
  isPrinter(name) ||
  takes(name) !== null ||
  releases(name) ||
  /^(?:to_\w+|\w*_priv_get|\w*_to_iommu|container_of|(?:un)?likely|IS_ERR\w*|PTR_ERR\w*|ERR_PTR|ERR_CAST|WARN\w*|BUG\w*|READ_ONCE|WRITE_ONCE|lockdep_\w+|dev_name|min\w*|max\w*|list_empty|\w*_dbg|virt_to_\w+|phys_to_\w+)$/.test(
    name,
  );

const calleeOf = (expression: Expression): string | null => {
  if (expression.kind !== 'call') return null;
  const { callee } = expression;
  if (callee.kind === 'name') return callee.name;
  if (callee.kind === 'field') return callee.name;
  return callee.kind === 'unary' && callee.operand.kind === 'name' ? callee.operand.name : null;
};

const flags = /\bGFP_\w+|\b(?:gfp\w*|flags)\b/;

/** The argument that says how memory may be taken. */
const gfpOf = (source: string, expression: Expression): string | null => {
  const args = expression.kind === 'call' ? expression.arguments.map((argument) => quoted(source, argument)) : [];
  return args.find((text) => /\bGFP_/.test(text)) ?? args.find((text) => flags.test(text)) ?? null;
};

const takers = /alloc|kmemdup|kstrdup|get_free_page|get_zeroed_page|xa_(?:store|insert|reserve|cmpxchg)|radix_tree_insert|request_\w*irq/;

const callOf = (file: SourceFile, expression: Expression): Found[] => {
  const name = calleeOf(expression);
  if (name === null || isNoise(name)) return [];
  const gfp = gfpOf(file.source, expression);
  const span = { from: expression.line, to: expression.line + lineCount(file, expression), lines: [expression.line] };
  const text = unwrapped(quoted(file.source, expression));
  const isTaker = takers.test(name) && !/^k?free|_free/.test(name.replace('_free_page', ''));
  return [{ ...nothing, ...span, kind: isTaker ? 'allocation' : 'call', text, gfp: isTaker ? gfp : null }];
};

const lineCount = ({ source }: SourceFile, { from, to }: { from: number; to: number }): number =>
  source.slice(from, to).split('\n').length - 1;

const targetOf = (expression: Expression): Expression | null => {
  if (expression.kind === 'assign') return expression.target;
  return expression.kind === 'unary' && /^(?:\+\+|--)$/.test(expression.operator) ? expression.operand : null;
};

/** Local variables are no state. */
const changeOf = (file: SourceFile, expression: Expression): Found[] => {
  const target = targetOf(expression);
  if (target === null || target.kind === 'name') return [];
  const text = unwrapped(quoted(file.source, expression));
  return [
    {
      ...nothing,
      kind: 'change',
      text,
      from: expression.line,
      to: expression.line + lineCount(file, expression),
      lines: [expression.line],
    },
  ];
};

const namesIn = (text: string): string[] => [...new Set([...text.matchAll(/-(E[A-Z]+)\b/g)].map(([, name]) => name!))];

const testOf = (file: SourceFile, statement: Statement): Found[] => {
  if (statement.kind !== 'if') return [];
  const inside = file.source.slice(statement.yes[0]?.from ?? 0, statement.yes.at(-1)?.to ?? 0);
  const errnos = /\breturn NULL\b/.test(inside) ? ['NULL'] : namesIn(inside);
  const to = statement.line + lineCount(file, { from: statement.from, to: statement.yes.at(-1)?.to ?? statement.to });
  const text = unwrapped(quoted(file.source, statement.test));
  return [{ ...nothing, kind: 'test', text, errnos, from: statement.line, to, lines: [statement.line] }];
};

/** In the order of the source. */
export const placesOf = (analysis: LocalAnalysis, of: FunctionSource): LocatedPlace[] => {
  const file = analysis.file(of);
  const body = file.body(of);
  const expressions = expressionsIn(body);
  const found: Found[] = [
    ...returnsOf(analysis, of),
    ...expressions.flatMap((expression) => callOf(file, expression)),
    ...expressions.flatMap((expression) => changeOf(file, expression)),
    ...statementsIn(body).flatMap((statement) => testOf(file, statement)),
  ];
  const own = found.map((one) => ({ ...one, file: of.file, function: of.name, key: placeKey(one), wording: wordingOf(one) }));
  const times = Map.groupBy(own, ({ wording }) => wording);
  const kin = Map.groupBy(own, ({ key }) => key);
  return own.map((one) => ({ ...one, times: times.get(one.wording)!.length, kin: kin.get(one.key)!.length }));
};
