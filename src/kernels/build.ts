// Puts a model together from what a user names: kernel (or overlay), caller, contract, continue rule.
import type { Contract } from '../core/contract.ts';
import { Failure } from '../core/failure.ts';
import { contentHash } from '../core/hash.ts';
import type { Operation } from '../core/operation.ts';
import type { ApiFacts, Column, Driver, Row } from '../core/rows.ts';
import type { Topology } from '../core/topology.ts';
import { version } from '../core/version.ts';
import type { Caller } from '../core/workflow.ts';
import { rows as coreRows } from '../drivers/coreRows.ts';
import { apis } from './apis.ts';
import { contracts } from './contracts.ts';
import { lookUp, type Model, type Profile } from './model.ts';
import { profiles } from './profiles.ts';
import { callers, drivers, operations, workflows } from './registry.ts';

/** What a model starts from: everything that an overlay may change. */
export interface Basis {
  readonly profile: Profile;
  readonly kernel: string;
  readonly drivers: ReadonlyMap<string, Driver>;
  readonly coreRows: readonly Row[];
  readonly apis: readonly ApiFacts[];
  /** Continue rules by caller, and the contract, that an overlay sets. */
  readonly scans?: Readonly<Record<string, 'any' | readonly string[]>>;
  readonly contract?: string | Contract;
  /** Caller rows by id that an overlay changes. */
  readonly callerRows: ReadonlyMap<string, Row | null>;
  /** Workflow machines that stand in for others, wherever those are used. */
  readonly machines?: ReadonlyMap<unknown, unknown>;
}

export interface ModelOptions {
  readonly kernel?: string | Basis;
  /** Name, or a caller from a user's file. */
  readonly caller?: string | Caller;
  readonly contract?: string;
  readonly continueOn?: 'any' | readonly string[];
}

const named = <T extends { readonly name: string }>(list: readonly T[]): ReadonlyMap<string, T> =>
  new Map(list.map((item) => [item.name, item]));

export const profileTable = named(profiles);
export const contractTable = named(contracts);
export const callerTable = named(callers);
export const driverTable = named(drivers);

/** Every operation by name, for the engine. */
export const operationTable: ReadonlyMap<string, Operation> = new Map(operations.flatMap((family) => Object.entries(family)));

/** A profile as it was read, without changes. */
export const basisOf = (name: string): Basis => {
  const profile = lookUp('kernel', name, profileTable);
  return { profile, kernel: name, drivers: driverTable, coreRows, apis, callerRows: new Map() };
};

/** Requests that every script may make, whoever its caller is. */
const commonRequests = { 'bind-driver': 'bindDriver', 'unbind-driver': 'unbindDriver', unplug: 'unplug' };

/** The kernel's part of a caller: what it stands on, or the caller itself. */
const kernelPart = (caller: Caller, column: Column): Caller => caller.above?.[column] ?? caller;

export const workflowsFor = (column: Column, caller: Caller): Map<string, unknown> => {
  const found = new Map<string, unknown>();
  for (const set of workflows) {
    if (set.columns.includes(column)) for (const [name, machine] of Object.entries(set.machines)) found.set(name, machine);
  }
  for (const { workflows: own } of [kernelPart(caller, column), caller])
    for (const [name, machine] of Object.entries(own)) found.set(name, machine);
  return found;
};

const exchanged = (found: ReadonlyMap<string, unknown>, machines: Basis['machines']): ReadonlyMap<string, unknown> =>
  machines ? new Map([...found].map(([name, machine]) => [name, machines.get(machine) ?? machine])) : found;

const rowsFor = (basis: Basis, caller: Caller): Map<string, Row> => {
  const found = new Map<string, Row>();
  for (const row of [...basis.coreRows, ...kernelPart(caller, basis.profile.column).rows, ...caller.rows]) found.set(row.id, row);
  for (const [id, row] of basis.callerRows) {
    if (row === null) found.delete(id);
    else if (found.has(id)) found.set(id, row);
  }
  return found;
};

/** Why a caller never was in a tree; null when it was. */
export const absence = (caller: Caller, column: Column): string | null => caller.absent?.[column] ?? null;

/** Why the kernel has no driver for the machine; null when it has. */
export const missingDriver = (drivers: Basis['drivers'], column: Column, topology: Topology): string | null => {
  for (const { driver } of topology.iommus) {
    const reason = drivers.get(driver)?.absent?.[column];
    if (reason !== undefined) return `no driver ${driver}: ${reason}`;
  }
  return null;
};

const contractOf = (options: ModelOptions, basis: Basis): Contract | null => {
  const found = options.contract ?? basis.contract;
  if (found === undefined) return null;
  return typeof found === 'string' ? lookUp('contract', found, contractTable) : found;
};

const scanOf = (options: ModelOptions, basis: Basis, contract: Contract | null, caller: Caller): Model['scan'] => {
  const { name, scan } = kernelPart(caller, basis.profile.column);
  return options.continueOn ?? basis.scans?.[name] ?? contract?.scan ?? scan ?? [];
};

/** A model, or a failure that says why there is none (`n/a`). */
export const buildModel = (options: ModelOptions = {}): Model => {
  const basis = typeof options.kernel === 'object' ? options.kernel : basisOf(options.kernel ?? '6.12.y');
  const caller = typeof options.caller === 'object' ? options.caller : lookUp('caller', options.caller ?? 'vfio-type1', callerTable);
  const { column } = basis.profile;
  const absent = absence(caller, column);
  if (absent !== null) throw new Failure('bad-usage', `${caller.name} on ${basis.kernel}: n/a, ${absent}`);
  const contract = contractOf(options, basis);
  const scan = scanOf(options, basis, contract, caller);
  const requests = { ...commonRequests, ...caller.requests, ...caller.requestsIn?.[column] };
  const model = {
    profile: basis.profile,
    kernel: basis.kernel,
    column,
    drivers: basis.drivers,
    rows: rowsFor(basis, caller),
    apis: new Map(basis.apis.map((api) => [api.id, api])),
    workflows: exchanged(workflowsFor(column, caller), basis.machines),
    requests,
    caller,
    above: caller.above?.[column] ?? null,
    contract,
    scan,
    hypothetical: caller.hypothetical?.[column] ?? null,
    withCaller: (name: string) => buildModel({ ...options, caller: name }),
  };
  let hash: string | null = null;
  return {
    ...model,
    // Worked out when first asked for: it reads every row, and many models are made for one question.
    get hash() {
      hash ??= hashOf(model);
      return hash;
    },
  };
};

/** Columns share most of their rows: all of them would be the same text three times. */
const pathsIn = ({ paths }: Driver, column: Column) => Object.entries(paths).map(([name, path]) => [name, path[column] ?? null]);

/** Everything that decides: rows and rules as data. Machines count by their names, states and transitions. */
const hashOf = (model: Omit<Model, 'hash'>): string => {
  const machines = [...model.workflows].map(([name, machine]) => [name, (machine as { config: unknown }).config]);
  const parts = [
    version,
    model.column,
    [...model.drivers.values()].map((driver) => ({ ...driver, paths: pathsIn(driver, model.column) })),
    [...model.rows.values()],
    [...model.apis.values()],
    machines,
    model.contract,
    model.scan,
  ];
  return contentHash(JSON.stringify(parts));
};
