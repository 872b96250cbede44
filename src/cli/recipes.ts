// From what a user types to a recipe: kernels and callers by name or file, contract, continue rule.
import { existsSync } from 'node:fs';
import { resolve as absolute, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { parseRule } from '../core/errnos.ts';
import { Failure } from '../core/failure.ts';
import type { Caller } from '../core/workflow.ts';
import { byName, type Recipe, type Resolve } from '../engine/recipe.ts';
import type { Basis, ModelOptions } from '../kernels/build.ts';

export interface ModelFlags {
  readonly kernel?: string;
  readonly caller?: string;
  readonly contract?: string;
  readonly continueOn?: string;
}

/** The options that say under which model something runs. */
export const withModelOptions = (command: Command): Command =>
  command
    .option('--kernel <name|file>', 'profile (6.1.y, 6.1.y+seed-v6, 6.12.y) or overlay file')
    .option(
      '--caller <name|file>',
      'vfio-type1, vfio-type1-seed, iommufd-auto, iommufd-hwpt, retry-any, vhost-vdpa; above them qemu-container, qemu-iommufd, ' +
        'iommufd-compat; or a .ts file',
    )
    .option('--contract <name>', 'errno contract: legacy-type1, emediumtype, einval-exclusive, einval-soft, out-param, interim')
    .option('--continue-on <rule>', 'which errnos of a candidate mean try the next: any, or a comma-separated list');

/** As a run says it, `my-series (./series.yaml)`, and back: an imported run has no other word on its kernel. */
const saidOf = (name: string, file: string): string => (name === file ? file : `${name} (${file})`);
const fileOf = (kernel: string): string => (existsSync(kernel) ? kernel : (/^.+ \((.+)\)$/.exec(kernel)?.[1] ?? kernel));

export const isFile = (name: string): boolean =>
  name.includes('/') || ['.yaml', '.yml', '.json', '.ts', '.js', '.mjs'].includes(extname(fileOf(name)));

/** What a recipe says of its model; flags win over the scenario. */
export const modelPart = (flags: ModelFlags, base: { kernel: string; caller: string }): Omit<Recipe, 'scenario' | 'decisions'> => ({
  kernel: flags.kernel ?? base.kernel,
  caller: flags.caller ?? base.caller,
  ...(flags.contract === undefined ? {} : { contract: flags.contract }),
  ...(flags.continueOn === undefined ? {} : { continueOn: parseRule(flags.continueOn, '--continue-on') }),
});

export const loadBasis = async (kernel: string): Promise<Basis> => {
  const file = fileOf(kernel);
  const [{ readOverlay }, { applyOverlay }, { readText }, { overlayKind }] = await Promise.all([
    import('../scenario/overlay.ts'),
    import('../kernels/overlay.ts'),
    import('../scenario/loadText.ts'),
    import('../scenario/overlayKind.ts'),
  ]);
  if (!existsSync(file)) throw new Failure('bad-overlay', `no overlay file is at ${file}`);
  const overlay = readOverlay(readText(file, overlayKind), file);
  return { ...applyOverlay(overlay), kernel: saidOf(overlay.name, file) };
};

const loadCaller = async (file: string): Promise<Caller> => {
  const path = absolute(file);
  if (!existsSync(path)) throw new Failure('bad-caller', `no caller file is at ${file}`);
  let loaded: { caller?: Caller; default?: Caller };
  try {
    loaded = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new Failure('bad-caller', `the file cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, { file });
  }
  const caller = loaded.caller ?? loaded.default;
  if (!caller?.name || !caller.workflows || !caller.requests)
    throw new Failure('bad-caller', 'expected an export named caller with name, requests, rows and workflows', { file });
  return caller;
};

/** Loads what recipes name in files, so that running them needs no waiting. */
export const resolverFor = async (parts: readonly Pick<Recipe, 'kernel' | 'caller'>[]): Promise<Resolve> => {
  const kernels = new Map<string, Basis>();
  const callers = new Map<string, Caller>();
  for (const { kernel, caller } of parts) {
    if (isFile(kernel) && !kernels.has(kernel)) kernels.set(kernel, await loadBasis(kernel));
    if (isFile(caller) && !callers.has(caller)) callers.set(caller, await loadCaller(caller));
  }
  return (recipe) => {
    const options: ModelOptions = byName(recipe);
    return { ...options, kernel: kernels.get(recipe.kernel) ?? recipe.kernel, caller: callers.get(recipe.caller) ?? recipe.caller };
  };
};
