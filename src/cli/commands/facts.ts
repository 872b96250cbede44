// `attachlab facts`: the rows as an index. Filters combine; a row's id gives everything about it, a pasted kernel log line the rows that
// can have printed it. Exit code 1 when nothing matches.
import type { Command } from 'commander';
import { counted } from '../../core/counted.ts';
import type { IndexEntry } from '../../core/facts.ts';
import { type Column, columns } from '../../core/rows.ts';
import { type Basis, basisOf, profileTable } from '../../kernels/build.ts';
import { buildIndex } from '../../kernels/index.ts';
import { coverageOf } from '../../kernels/indexCoverage.ts';
import { entriesNamed, filterIndex, type IndexQuery, knownClass, knownErrno, knownOwner } from '../../kernels/indexFilter.ts';
import { matchMessage } from '../../kernels/indexMessages.ts';
import { type Contracted, underContracts } from '../../kernels/indexReactions.ts';
import { columnLabels, factBlock } from '../../report/facts.ts';
import { coverageText } from '../../report/factsCoverage.ts';
import { messagesText } from '../../report/factsMessages.ts';
import { oneFact } from '../../report/factsOne.ts';
import { factTable } from '../../report/factsTable.ts';
import { wrap } from '../../report/text.ts';
import { type CommandFile, type Io, printJson } from '../command.ts';

interface Options {
  readonly driver?: string;
  readonly kernel?: string;
  readonly errno?: string;
  readonly class?: string;
  readonly site?: string;
  readonly dmesg?: string;
  readonly json?: boolean;
  readonly coverage?: boolean;
}

/** An answer: the same rows as text and as JSON. */
interface Answer {
  readonly text: string;
  readonly json: object;
  readonly found: boolean;
}

const configure = (command: Command, io: Io): void => {
  command
    .argument('[row]', 'id of a row: everything about it')
    .option('--driver <name>', 'rows of a driver, or of core, vfio-type1, vfio-container, iommufd, vhost-vdpa, kapi')
    .option('--kernel <name|file>', 'one kernel: 6.1.y, 6.1.y+seed-v6, 6.12.y, or an overlay file')
    .option('--errno <name>', 'rows that can give it, e.g. EINVAL')
    .option('--class <name>', 'rows of a class, e.g. incompatible')
    .option('--site <function>', 'rows that a kernel function has, e.g. domain_attach_iommu, also with :line')
    .option('--dmesg <text>', 'rows that can have printed a line of the kernel log')
    .option('--coverage', 'how much of what was read in the sources the model has')
    .option('--json', 'one JSON document')
    .action((row: string | undefined, options: Options) => answer(row, options, io));
};

const basisFor = async (kernel: string): Promise<Basis> => {
  if (profileTable.has(kernel)) return basisOf(kernel);
  const { isFile, loadBasis } = await import('../recipes.ts');
  return isFile(kernel) ? loadBasis(kernel) : basisOf(kernel);
};

const answer = async (row: string | undefined, options: Options, io: Io): Promise<void> => {
  const basis = await basisFor(options.kernel ?? '6.12.y');
  const index = buildIndex(basis);
  const query = queryOf(options, basis, index);
  const { text, json, found } = options.coverage ? coverage(index, query) : rows(row, options, query, index);
  if (options.json) printJson(io, options.coverage ? 'facts-coverage' : 'facts', 1, json);
  else io.out(`${text}\n\n${wrap(kernelsText(basis, query.columns ?? columns))}\n`);
  if (!found) io.exit(1);
};

/** What the labels of the columns mean. */
const kernelsText = ({ kernel, profile }: Basis, shown: readonly Column[]): string => {
  const changed = kernel === profile.name ? '' : ` as ${kernel} changes it`;
  const titles = [...profileTable.values()].filter(({ column }) => shown.includes(column));
  return `Model of ${titles.map(({ title, column }) => `${title} (${columnLabels[column]})`).join(', ')}${changed}.`;
};

const queryOf = (options: Options, basis: Basis, index: readonly IndexEntry[]): IndexQuery => ({
  ...(options.driver === undefined ? {} : { owner: knownOwner(options.driver, index) }),
  ...(options.kernel === undefined ? {} : { columns: [basis.profile.column] }),
  ...(options.errno === undefined ? {} : { errno: knownErrno(options.errno, index) }),
  ...(options.class === undefined ? {} : { class: knownClass(options.class) }),
  ...(options.site === undefined ? {} : { site: options.site }),
});

const coverage = (index: readonly IndexEntry[], { owner }: IndexQuery): Answer => {
  const lines = coverageOf(index).filter((line) => owner === undefined || line.owner === owner);
  return { text: coverageText(lines), json: { owners: lines }, found: true };
};

const rows = (row: string | undefined, options: Options, query: IndexQuery, index: readonly IndexEntry[]): Answer => {
  const shown = query.columns ?? columns;
  const picked = filterIndex(row === undefined ? index : entriesNamed(row, index), query);
  if (options.dmesg !== undefined) return messages(options.dmesg, picked, shown);
  if (picked.length === 0) return nothing(query, index);
  if (row !== undefined) return everything(picked, shown);
  const filtered = [query.owner, query.errno, query.class, query.site].some((filter) => filter !== undefined);
  const text = filtered ? blocks(picked, shown) : factTable(picked, shown);
  return { text, json: { rows: picked }, found: true };
};

const blocks = (entries: readonly IndexEntry[], shown: readonly Column[]): string =>
  [...entries.map((entry) => factBlock(entry, shown).join('\n')), counted(entries.length, 'row')].join('\n\n');

const everything = (entries: readonly IndexEntry[], shown: readonly Column[]): Answer => {
  const detailed = entries.map((entry) => ({ ...entry, contracts: contractsOf(entry, shown) }));
  const text = detailed.map((entry) => oneFact(entry, entry.contracts, shown).join('\n')).join('\n\n');
  return { text, json: { rows: detailed }, found: true };
};

/** For rows whose errno a search can meet, in the newest kernel shown that has the row. */
const contractsOf = (entry: IndexEntry, shown: readonly Column[]): Contracted[] => {
  const newest = shown.findLast((column) => entry.columns[column] !== undefined);
  const facts = newest && entry.columns[newest];
  return entry.class === null || !facts || facts.reactions.length === 0 ? [] : underContracts(entry.class, newest, facts);
};

const messages = (text: string, entries: readonly IndexEntry[], shown: readonly Column[]): Answer => {
  const matches = matchMessage(entries, text);
  if (matches.length === 0)
    return { text: wrap(`no message of these rows is like the line: ${text.trim()}`), json: { matches }, found: false };
  return { text: messagesText(matches, shown), json: { matches }, found: true };
};

/** A driver that the kernel does not have says why. */
const nothing = ({ owner, columns: wanted = columns }: IndexQuery, index: readonly IndexEntry[]): Answer => {
  const own = index.filter((entry) => entry.owner === owner);
  const reasons = wanted.flatMap((column) => {
    const all = new Set(own.map((entry) => entry.absent[column] ?? ''));
    const [only] = all;
    return all.size === 1 && only ? [`${owner} on ${columnLabels[column]}: n/a, ${only}`] : [];
  });
  return { text: reasons.length > 0 ? reasons.join('\n') : 'no row matches', json: { rows: [], reasons }, found: false };
};

export const command: CommandFile = { configure };
