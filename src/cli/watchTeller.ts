// Tells what a live audit sees, as text or as JSON, one object a line, and keeps the sum.
import type { AttachRow } from '../core/attaches.ts';
import type { Finding, Level } from '../core/finding.ts';
import type { WatchedGap, WatchedSum } from '../core/watched.ts';
import type { Notice } from '../detect/live.ts';
import { outcomeWords } from '../report/attaches.ts';
import { linesPerSecond, printWatchedAttach, printWatchedFinding, printWatchedGap, printWatchedSum } from '../report/watch.ts';
import type { Io } from './command.ts';

const version = 1;

const added = (counts: Map<string, number>, key: string, count = 1): void => void counts.set(key, (counts.get(key) ?? 0) + count);

export class WatchTeller {
  readonly #io: Io;
  readonly #name: string;
  readonly #isJson: boolean;
  readonly #attaches = new Map<string, number>();
  readonly #findings = new Map<Level, number>();
  readonly #gaps = new Map<string, number>();
  /** Gaps since the last moment, by kind. */
  readonly #waiting = new Map<string, WatchedGap>();
  readonly #began: number;
  #events = 0;

  constructor(io: Io, name: string, isJson: boolean) {
    this.#io = io;
    this.#name = name;
    this.#isJson = isJson;
    this.#began = io.now().getTime();
  }

  get hasBug(): boolean {
    return this.#findings.has('bug');
  }

  #tell(what: string, value: object, text: () => string): void {
    this.#io.out(`${this.#isJson ? JSON.stringify({ kind: 'watch', version, what, ...value }) : text()}\n`);
  }

  begins(why: string): void {
    if (why === 'begun') return;
    const words = `${this.#name} was ${why}: it is read from its beginning, as a new trace`;
    this.#tell('again', { why }, () => words);
  }

  notice(notice: Notice): void {
    if (notice.what !== 'gap') this.moment();
    if (notice.what === 'gap') this.#gap(notice.gap);
    else if (notice.what === 'attach') this.#attach(notice.row);
    else this.#finding(notice.finding, notice.before);
  }

  #attach(row: AttachRow): void {
    added(this.#attaches, outcomeWords(row));
    this.#tell('attach', { attach: row }, () => printWatchedAttach(row));
  }

  #finding(finding: Finding, before: number | null): void {
    this.#findings.set(finding.level, (this.#findings.get(finding.level) ?? 0) + 1);
    this.#tell('finding', { finding, before }, () => printWatchedFinding(finding, before, this.#name));
  }

  /** A trace that cannot be read has a gap a line: those of one kind are told together. */
  #gap({ what: kind, line, count, text }: { what: string; line: number; count: number | null; text: string }): void {
    added(this.#gaps, kind);
    const known = this.#waiting.get(kind);
    const sum = known === undefined ? count : known.count === null || count === null ? null : known.count + count;
    this.#waiting.set(kind, known ? { ...known, places: known.places + 1, count: sum } : { kind, places: 1, count, line, text });
  }

  moment(tokens = 0): void {
    this.#events += tokens;
    for (const gap of this.#waiting.values()) this.#tell('gap', { gap }, () => printWatchedGap(gap));
    this.#waiting.clear();
  }

  ends(lines: number): void {
    this.moment();
    const levels = (['bug', 'contract', 'cost'] as const).flatMap((level) => {
      const count = this.#findings.get(level);
      return count === undefined ? [] : [{ level, count }];
    });
    const seconds = (this.#io.now().getTime() - this.#began) / 1000;
    const known = { name: this.#name, seconds, lines, events: this.#events };
    const sum: WatchedSum = { ...known, attaches: this.#attaches, findings: levels, gaps: this.#gaps };
    const listed = { ...known, perSecond: linesPerSecond(sum), findings: levels };
    const counts = { attaches: Object.fromEntries(this.#attaches), gaps: Object.fromEntries(this.#gaps) };
    this.#tell('sum', { ...listed, ...counts }, () => printWatchedSum(sum));
  }
}
