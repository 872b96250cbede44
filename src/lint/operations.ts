// The operations of attach_dev's kind that drivers put into their tables.
import type { Operation } from '../core/returnSites.ts';
import type { SourceFile } from './c/sourceFile.ts';
import type { Expression, FunctionSource } from './c/syntax.ts';
import { driverOf } from './drivers.ts';
import type { Analysis } from './flow/analysis.ts';
import { macroSlots } from './macroTables.ts';

/** Which argument is the domain, and which the device. */
export interface OperationKind {
  readonly op: string;
  readonly domain: number;
  readonly device: number;
}

const operationKinds: readonly OperationKind[] = [
  { op: 'attach_dev', domain: 0, device: 1 },
  { op: 'set_dev_pasid', domain: 0, device: 1 },
  { op: 'aux_attach_dev', domain: 0, device: 1 },
  { op: 'sva_attach_dev', domain: 0, device: 1 },
];

export interface FoundOperation extends Operation {
  readonly kind: OperationKind;
  readonly of: FunctionSource;
}

const functionNamed = (value: Expression): string | null => {
  if (value.kind === 'name') return value.name;
  return value.kind === 'unary' && value.operator === '&' ? functionNamed(value.operand) : null;
};

interface Slot {
  readonly op: OperationKind;
  readonly table: string;
  readonly name: string;
  readonly file: SourceFile;
}

const slotsIn = (value: Expression, table: string, file: SourceFile): Slot[] => {
  if (value.kind === 'unary') return slotsIn(value.operand, table, file);
  if (value.kind !== 'initialiser') return [];
  return value.fields.flatMap(({ name, value: inner }) => {
    const op = operationKinds.find((kind) => kind.op === name);
    const of = functionNamed(inner);
    if (op !== undefined && of !== null) return [{ op, table, name: of, file }];
    return slotsIn(inner, name === null ? table : `${table}.${name}`, file);
  });
};

/** `ops->attach_dev = name` in the text of a function. */
const assigned = (file: SourceFile): Slot[] =>
  [...file.source.matchAll(/(\w+)(?:->|\.)(\w+)\s*=\s*(\w+)\s*;/g)].flatMap(([, table, member, name]) => {
    const op = operationKinds.find((kind) => kind.op === member);
    return op === undefined ? [] : [{ op, table: table!, name: name!, file }];
  });

const members: ReadonlySet<string> = new Set(operationKinds.map(({ op }) => op));

const fromMacros = (file: SourceFile, files: readonly SourceFile[]): Slot[] =>
  macroSlots(file, files, members).map(({ member, name, table }) => ({
    op: operationKinds.find(({ op }) => op === member)!,
    table,
    name,
    file,
  }));

const inFile = (file: SourceFile, files: readonly SourceFile[]): Slot[] => [
  ...file.tables.flatMap(({ name, value }) => slotsIn(value, name, file)),
  ...assigned(file),
  ...fromMacros(file, files),
];

export const findOperations = (analysis: Analysis): FoundOperation[] =>
  analysis.files
    .filter(({ path }) => path.endsWith('.c'))
    .flatMap((file) => inFile(file, analysis.files))
    .flatMap(({ op, table, name, file }) =>
      analysis.named(name, file.path).map((of) => ({ driver: driverOf(file.path), op: op.op, table, entry: name, kind: op, of })),
    );
