// The world that steps see during a search: parts whose fields are cells. It behaves as a plain world; every field that is looked at or
// changed goes through the tracker.
import { asked } from '../core/ask.ts';
import { newFiles, type TaskFiles } from '../core/files.ts';
import type { World } from '../core/world.ts';
import { type Cells, fieldName } from './cells.ts';
import { entriesOf, Fields, type Home, type Plain, property } from './fields.ts';
import type { Tracker } from './tracker.ts';

/** Fields that are records of small values of their own: one cell an entry. */
const SPLIT = 'attributes';

/** A part: fields, attributes, and whether it is there. */
class Part {
  readonly fields: Fields;
  readonly attributes: Fields;
  readonly #shape = new Set<string>();

  constructor(parts: Parts, kind: string, id: string) {
    const name = `${kind}/${id}`;
    this.attributes = new Fields(parts, fieldName(name, SPLIT));
    const recorder = (field: string, question: string, answer: (value: unknown) => unknown): unknown =>
      parts.tracker.ask(this.fields.cell(field), question, answer);
    this.fields = new Fields(parts, name, { id, [SPLIT]: this.attributes.proxy, [asked]: recorder } as Plain, (field) =>
      this.#shape.has(field),
    );
  }

  get isThere(): boolean {
    return this.fields.read('#') === true;
  }

  /** Every field of a part is written when it appears or goes: what is not known of it is not there. */
  put(value: Plain | undefined): void {
    const { attributes = {}, ...fields } = value ?? {};
    for (const name in fields) this.#shape.add(name);
    this.#write(this.fields, value === undefined ? {} : { ...fields, '#': true }, ['id']);
    this.#write(this.attributes, attributes as Plain, []);
  }

  #write(fields: Fields, values: Plain, except: readonly string[]): void {
    for (const name of new Set([...fields.names(), ...Object.keys(values)])) if (!except.includes(name)) fields.write(name, values[name]);
  }
}

const fixedKinds = ['devices', 'groups', 'iommus', 'tasks'] as const;
const movingKinds = ['domains', 'containers', 'locks'] as const;

export class Parts {
  readonly cells: Cells;
  readonly tracker: Tracker;
  readonly entries: Home['entries'];
  readonly world: World;
  /** Counts what earlier evaluations could not have looked at: whoever remembers them starts anew. */
  grown = 0;
  readonly #fixed = new Map<string, Map<string, Part>>();
  readonly #moving = new Map<string, Map<string, Part>>();
  readonly #listed = new Set<string>();
  readonly #system: Fields;

  /** `entries`: what earlier searches of the same engine came upon. */
  constructor(cells: Cells, tracker: Tracker, entries: Home['entries'] = new Map()) {
    this.cells = cells;
    this.tracker = tracker;
    this.entries = entries;
    this.#system = new Fields(this, fieldName('system', SPLIT));
    const collections: Plain = { system: { [SPLIT]: this.#system.proxy } };
    for (const kind of fixedKinds) collections[kind] = this.#fixedCollection(kind);
    for (const kind of movingKinds) collections[kind] = this.#movingCollection(kind);
    this.world = collections as unknown as World;
  }

  /** Makes `world` the current one. Parts of fixed kinds are those of the first world loaded, and of every later one. */
  load(world: World): void {
    this.cells.current.fill(0);
    this.tracker.reset();
    for (const kind of fixedKinds) {
      const parts = this.#fixed.get(kind)!;
      for (const [id, value] of Object.entries(world[kind])) {
        if (!parts.has(id)) parts.set(id, new Part(this, kind, id));
        parts.get(id)!.put(value as unknown as Plain);
      }
    }
    for (const kind of movingKinds)
      for (const [id, value] of Object.entries(world[kind])) this.#movingPart(kind, id).put(value as unknown as Plain);
    for (const [name, value] of Object.entries(world.system.attributes)) this.#system.write(name, value);
    this.settle();
  }

  /** Takes over what was written. */
  settle(): void {
    this.tracker.settle(this.cells.current);
  }

  #fixedCollection(kind: string): Plain {
    const parts = new Map<string, Part>();
    this.#fixed.set(kind, parts);
    return new Proxy<Plain>(
      {},
      {
        get: (_, id) => parts.get(String(id))?.fields.proxy,
        has: (_, id) => parts.has(String(id)),
        ownKeys: () => [...parts.keys()],
        getOwnPropertyDescriptor: (_, id) => (parts.has(String(id)) ? property : undefined),
      },
    );
  }

  #movingPart(kind: string, id: string): Part {
    const parts = this.#moving.get(kind)!;
    const known = parts.get(id);
    if (known) return known;
    const made = new Part(this, kind, id);
    parts.set(id, made);
    entriesOf(this.entries, kind).add(id);
    if (this.#listed.has(kind)) this.grown += 1;
    return made;
  }

  #movingCollection(kind: string): Plain {
    this.#moving.set(kind, new Map());
    for (const id of entriesOf(this.entries, kind)) this.#movingPart(kind, id);
    const found = (id: string | symbol): Part | undefined => {
      const part = typeof id === 'string' ? this.#movingPart(kind, id) : undefined;
      return part?.isThere ? part : undefined;
    };
    return new Proxy<Plain>(
      {},
      {
        get: (_, id) => found(id)?.fields.proxy,
        has: (_, id) => found(id) !== undefined,
        set: (_, id, value) => {
          this.#movingPart(kind, String(id)).put(value as Plain);
          return true;
        },
        deleteProperty: (_, id) => {
          this.#movingPart(kind, String(id)).put(undefined);
          return true;
        },
        ownKeys: () => {
          this.#listed.add(kind);
          this.tracker.list(this.#moving.get(kind)!);
          return [...this.#moving.get(kind)!].flatMap(([id, part]) => (part.isThere ? [id] : [])).sort();
        },
        getOwnPropertyDescriptor: (_, id) => (found(id) ? property : undefined),
      },
    );
  }

  /** What the tasks have open, before they open anything. */
  files(tasks: readonly string[]): Record<string, TaskFiles> {
    const files: Record<string, TaskFiles> = {};
    for (const task of tasks) {
      files[task] = this.table(`files/${task}`).proxy as unknown as TaskFiles;
      Object.assign(files[task], newFiles());
    }
    return files;
  }

  /** Entries outside the world that steps read and write: a detector's table, the tasks' open files, budgets. */
  table(name: string): Fields {
    const recorder = (field: string, question: string, answer: (value: unknown) => unknown): unknown =>
      this.tracker.ask(fields.cell(field), question, answer);
    const fields: Fields = new Fields(this, name, { [asked]: recorder } as Plain);
    return fields;
  }
}
