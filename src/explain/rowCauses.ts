// A row that can return the errno as a cause: what the machine and the kernel log say of its condition, and where to look next.
import { type Condition, readsOf } from '../core/conditions.ts';
import type { Cause, CauseStatus, Evidence } from '../core/explanation.ts';
import type { IndexEntry } from '../core/facts.ts';
import { refusesOf, whenOf } from '../core/perform.ts';
import type { Column, Row } from '../core/rows.ts';
import { matchMessage } from '../kernels/indexMessages.ts';
import { decideBy } from './decide.ts';
import type { Inputs, Subject } from './inputs.ts';
import { decisive, judge } from './judge.ts';
import { evidenceOf, onlyInstance, readMachine } from './machineRead.ts';
import type { Returned } from './returned.ts';

/** What causes are found with. */
export interface Question {
  readonly call: string;
  readonly column: Column;
  /** Series for the commands that are suggested, e.g. 6.12. */
  readonly series: string;
  readonly inputs: Inputs;
  readonly subjects: readonly Subject[];
  readonly entry: (owner: string | null, id: string) => IndexEntry | undefined;
}

/** What must hold for the row to refuse: a check's own condition, else what makes the row run at all; a pool must be empty too. */
const conditionOf = (row: Row, column: Column): Condition | undefined => {
  if (row.kind === 'check') return refusesOf(row, column);
  const when = whenOf(row, column);
  if (row.kind !== 'take') return when;
  const empty: Condition = { below: [row.pool, 1] };
  return when === undefined ? empty : { all: [when, empty] };
};

interface Judged {
  readonly status: CauseStatus;
  readonly evidence: readonly Evidence[];
}

const open: Judged = { status: 'possible', evidence: [] };

/** A row that sets a domain against an instance, on a machine that has one instance. */
const mismatchWithoutAnother = (
  { row, driver }: Returned,
  condition: Condition,
  { inputs, column }: Question,
  subject: Subject,
): Judged | null => {
  if (driver === null || row.kind !== 'check' || row.class !== 'incompatible') return null;
  if (!readsOf(condition).every((path) => /^(domain|iommu)\./.test(path))) return null;
  const evidence = onlyInstance(inputs, driver.name, column, subject);
  return evidence && { status: 'ruled-out', evidence: [evidence] };
};

/** A condition that holds shows a check; of an allocation it only says that it is done. */
const judgeSubjects = (returned: Returned, question: Question): Judged => {
  const { row, driver } = returned;
  const { call, column, inputs, subjects } = question;
  const condition = conditionOf(row, column);
  const own = subjects.filter(({ iommu }) => driver === null || iommu?.driver === driver.name);
  if (condition === undefined || own.length === 0) return open;
  const verdicts = own.map((subject) => ({ subject, verdict: judge(condition, readMachine(inputs, subject, call)) }));
  const say = (subject: Subject): Evidence[] => {
    const read = readMachine(inputs, subject, call);
    return decisive(condition, read).map((path) => evidenceOf(inputs, subject, path, read(path), column));
  };
  const met = verdicts.find(({ verdict }) => verdict === true);
  if (met) return row.kind === 'check' || row.kind === 'take' ? { status: 'shown', evidence: say(met.subject) } : open;
  if (verdicts.some(({ verdict }) => verdict === undefined)) return mismatchWithoutAnother(returned, condition, question, own[0]!) ?? open;
  return { status: 'ruled-out', evidence: say(own[0]!) };
};

const worthMatching = /iommu|vfio|smmu|dmar|amd-vi|apple-dart|warning|domain|attach/i;

const printedLine = (entry: IndexEntry, { inputs: { log }, subjects }: Question): Evidence | null => {
  const index = log?.lines.findIndex((line) => worthMatching.test(line) && isPrinted(entry, line) && isAbout(line, subjects)) ?? -1;
  return index < 0 ? null : { words: 'the kernel log has its message', where: `${log!.file}:${index + 1}`, text: log!.lines[index]! };
};

/** A line about another group's device is no evidence. */
const isAbout = (line: string, subjects: readonly Subject[]): boolean => {
  const device = /\b[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]\b/.exec(line)?.[0];
  return device === undefined || subjects.length === 0 || subjects.some((subject) => subject.device.id === device);
};

const isPrinted = (entry: IndexEntry, line: string): boolean => matchMessage([entry], line).some(({ quality }) => quality === 'exact');

/** Levels that are printed each time, whatever the log level of the console. */
const certain = /^(pr|dev)_(err|warn)$|^WARN$/;

const silentLog = (prints: { readonly level: string; readonly text: string }, { inputs: { log } }: Question): Evidence | null =>
  log?.complete && certain.test(prints.level)
    ? { words: `the log, complete from boot, lacks "${prints.text}"`, where: log.file, text: null }
    : null;

export const rowCause = (returned: Returned, question: Question): Cause => {
  const { row, driver } = returned;
  const { column } = question;
  const entry = question.entry(driver?.name ?? null, row.id);
  const facts = entry?.columns[column];
  const judged = judgeSubjects(returned, question);
  const printed = entry && facts?.prints ? printedLine(entry, question) : null;
  const silent = printed === null && facts?.prints ? silentLog(facts.prints, question) : null;
  const impossible = 'unreachable' in row && row.unreachable ? { words: row.unreachable, where: null, text: null } : null;
  const status = statusOf(judged.status, printed, silent, impossible);
  const condition = conditionOf(row, column);
  return {
    id: row.id,
    words: row.words,
    owner: entry?.owner ?? driver?.name ?? 'core',
    kind: row.kind,
    plausible: facts?.allocation?.plausible ?? null,
    cite: facts?.cite ?? row.cite[column] ?? '',
    status,
    speaksFor: once([...(printed ? [printed] : []), ...(judged.status === 'shown' ? judged.evidence : [])]),
    speaksAgainst: once([...(judged.status === 'ruled-out' ? judged.evidence : []), ...[silent, impossible].flatMap((one) => one ?? [])]),
    decide: decideBy(row, condition ? readsOf(condition) : [], question),
  };
};

/** One line may say two things; it is shown for the first. */
const once = (evidence: readonly Evidence[]): Evidence[] =>
  [...new Map(evidence.toReversed().map((one) => [`${one.where} ${one.text ?? one.words}`, one])).values()].toReversed();

/** A message in the log outweighs what the machine is like now. */
const statusOf = (judged: CauseStatus, printed: Evidence | null, silent: Evidence | null, impossible: Evidence | null): CauseStatus => {
  if (printed) return 'shown';
  return judged === 'possible' && (silent ?? impossible) ? 'unlikely' : judged;
};
